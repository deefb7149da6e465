using ElasticityStream.Actors.Studies;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Similarity;
using ElasticityStream.Compute.Training;

namespace ElasticityStream.Actors.Tests.Studies;

/// <summary>
/// A study without actors, streams and accumulators: stepper and shard called one after the other, the similarities by their
/// definitions (He &amp; Su 2020, section 2). What a study must agree with, bit for bit.
/// </summary>
internal sealed class PlainLoop : IDisposable
{
    private readonly StudyPlan _plan;
    private readonly IStepper _stepper;
    private readonly IProbeShard _shard;
    private readonly double[]?[,] _rows;

    public PlainLoop(StudyPlan plan)
    {
        TorchThreads.UseOne();
        _plan = plan;
        _stepper = plan.Engine.CreateStepper();
        _stepper.LearningRate = plan.LearningRate!.Value;
        _shard = plan.Engine.CreateShard(plan.Probes.Features(), plan.Probes.Count);
        _rows = new double[]?[2, plan.Probes.Count];
    }

    public NetworkWeights Weights => NetworkWeights.From(_stepper.Model);

    public double MeanKernelDiagonal => _plan.Probes.Samples.Average(p => _stepper.KernelDiagonal(Features([p]), p.Label));

    public double Pretrain(IEnumerable<Sample> batch)
    {
        Sample[] samples = [.. batch];
        return _stepper.TrainMiniBatch(Features(samples), Labels(samples), _plan.PretrainingLearningRate);
    }

    /// <summary>Gives the shard the present weights; before the first step.</summary>
    public void Begin() => _shard.Load(Weights);

    /// <summary>Takes the steps of one block and keeps the latest row of each probe.</summary>
    public void Step(IEnumerable<Sample> block, bool apply = true)
    {
        foreach (var chunk in block.Chunk(Math.Min(_plan.Engine.MaxStepsPerCall, 1000)))
        {
            var stepped = _stepper.Step(Features(chunk), Labels(chunk), apply);
            var perturbed = _shard.Perturb(stepped.Updates);
            for (var b = 0; b < chunk.Length; b++)
            {
                var probe = _plan.Probes.Samples.ToList().FindIndex(p => p.Id == chunk[b].Id);
                if (probe < 0)
                    continue;
                var change = perturbed.Change.AsSpan(b * _plan.Probes.Count, _plan.Probes.Count).ToArray();
                var magnitude = (perturbed.Magnitude ?? perturbed.Change).AsSpan(b * _plan.Probes.Count, _plan.Probes.Count).ToArray();
                var (gradient, self) = (stepped.Results[b].Gradient, stepped.Results[b].SelfChange);
                _rows[(int)SimilarityMeasure.Relative, probe] = Array.ConvertAll(magnitude, m => Math.Abs(m) / Math.Abs(self));
                _rows[(int)SimilarityMeasure.Kernelized, probe] =
                    Array.ConvertAll(change, c => c == 0 ? 0 : -c / (_stepper.LearningRate * gradient));
            }
        }
    }

    /// <summary>S over the probes that were stepped at, row-major.</summary>
    public double[] Similarity(SimilarityMeasure measure)
    {
        int[] measured = [.. Enumerable.Range(0, _plan.Probes.Count).Where(i => _rows[(int)measure, i] is not null)];
        return [.. measured.SelectMany(i => measured.Select(j => _rows[(int)measure, i]![j]))];
    }

    public void Dispose()
    {
        _stepper.Dispose();
        _shard.Dispose();
    }

    private static double[] Features(Sample[] samples) => [.. samples.SelectMany(s => s.Features.ToArray().Select(f => (double)f))];

    private static double[] Labels(Sample[] samples) => [.. samples.Select(s => s.Label)];
}

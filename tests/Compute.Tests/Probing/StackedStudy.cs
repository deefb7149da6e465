using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Models.Layers;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Training;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>A network that full-forward trains and a stacked shard follows, with its samples; the first are the probes too.</summary>
internal sealed class StackedStudy(NetworkSpec spec, int probes = 37, int stepsAtOnce = 64, long chunkValues = 1 << 23)
{
    private readonly double[] _features = EngineCase.Uniform(Math.Max(probes, 64) * spec.Inputs, stream: 2);
    private readonly LossFunction _loss = new(spec.Outputs > 1 ? Loss.CrossEntropy : Loss.Bce, Prediction.Probability);

    public NetworkSpec Spec => spec;

    public IStepper Stepper()
    {
        var stepper = new FullForwardEngine(spec, _loss, CPU, seed: 3).CreateStepper();
        stepper.LearningRate = 0.01;
        return stepper;
    }

    public IProbeShard Shard(IStepper stepper)
    {
        var shard = new StackedFullForwardShard(
            Stage.Of(spec), spec.Outputs, _loss, CPU, _features.AsSpan(0, probes * spec.Inputs), probes, stepsAtOnce, chunkValues);
        shard.Load(NetworkWeights.From(stepper.Model));
        return shard;
    }

    public SnapshotUpdateBlock Step(IStepper stepper, int start, int count, bool apply) => (SnapshotUpdateBlock)stepper.Step(
        _features.AsSpan(start * spec.Inputs, count * spec.Inputs), [.. Enumerable.Range(start, count).Select(i => (double)(i % 2))], apply).Updates;
}

using ElasticityStream.Actors.Accumulation;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Compute.Probing;

namespace ElasticityStream.Actors.Training;

/// <summary>A stepper that takes samples, and says in the user's words at which of them a step failed.</summary>
/// <param name="stepper">The stepper; its owner disposes it.</param>
/// <param name="probes">The probe set.</param>
internal sealed class SampleStepper(IStepper stepper, ProbeSet probes)
{
    private readonly Dictionary<string, int> _classIndices = probes.ClassNames.Index().ToDictionary(c => c.Item, c => c.Index);

    /// <summary>What it steps with.</summary>
    public IStepper Stepper => stepper;

    /// <summary>Takes one step at each sample, in order.</summary>
    /// <param name="samples">B samples.</param>
    /// <param name="apply">Whether the steps move the weights.</param>
    /// <param name="step">The number of steps done before.</param>
    /// <exception cref="StudyFailedException">The loss at a sample is not finite.</exception>
    public SteppedBlock Step(Sample[] samples, bool apply, long step)
    {
        var (features, labels) = ToArrays(samples);
        return OrExplain(samples, b => step + (apply ? b : 0), () => stepper.Step(features, labels, apply));
    }

    /// <summary>Takes one step at each sample, all of them probes whose pre-activations were handed over.</summary>
    /// <param name="samples">B samples.</param>
    /// <param name="rows">Theirs, complete.</param>
    /// <param name="areBehind">See <see cref="IClosedStepper.Step(ReadOnlySpan{int}, ReadOnlySpan{double}, ReadOnlySpan{float}, bool)"/>.</param>
    /// <param name="step">The number of steps done before.</param>
    /// <exception cref="StudyFailedException">The loss at a sample is not finite.</exception>
    public SteppedBlock StepClosed(Sample[] samples, (int[] Probes, float[] PreActivations) rows, bool areBehind, long step)
    {
        var labels = Array.ConvertAll(samples, s => s.Label);
        return OrExplain(samples, b => step + b, () => ((IClosedStepper)stepper).Step(rows.Probes, labels, rows.PreActivations, areBehind));
    }

    /// <summary>Takes a virtual step at each sample, all of them probes whose pre-activations were handed over.</summary>
    /// <param name="samples">B samples.</param>
    /// <param name="preActivations">Theirs, B x h.</param>
    /// <param name="step">The number of steps done.</param>
    /// <exception cref="StudyFailedException">The loss at a sample is not finite.</exception>
    public SteppedBlock StepVirtually(Sample[] samples, float[] preActivations, long step)
    {
        var (features, labels) = ToArrays(samples);
        return OrExplain(samples, _ => step, () => ((IClosedStepper)stepper).StepVirtually(features, labels, preActivations));
    }

    /// <summary>One step of mini-batch SGD; returns the mean loss before it.</summary>
    /// <exception cref="NonFiniteLossException">The loss is not finite.</exception>
    public double TrainMiniBatch(Sample[] samples, double learningRate)
    {
        var (features, labels) = ToArrays(samples);
        return stepper.TrainMiniBatch(features, labels, learningRate);
    }

    /// <summary>Mean K_ii over the probes at the present weights.</summary>
    public double MeanKernelDiagonal() =>
        probes.Samples.Average(p => stepper.KernelDiagonal(Array.ConvertAll(p.Features.ToArray(), f => (double)f), p.Label));

    /// <summary>What is recorded of a step.</summary>
    public StepRecord Record(long step, int pass, Sample sample, StepResult result) => new(
        step, pass, sample.Id, sample.Position, sample.Role, _classIndices[sample.Class], probes.IndexOf(sample.Id),
        result.Loss, result.Prediction, result.Correct, result.Gradient, result.SelfChange);

    private SteppedBlock OrExplain(Sample[] samples, Func<int, long> stepOf, Func<SteppedBlock> step)
    {
        try
        {
            return step();
        }
        catch (NonFiniteLossException e)
        {
            var sample = samples[e.StepInBlock];
            throw new StudyFailedException(
                $"Step {stepOf(e.StepInBlock)} at sample '{sample.Id}' (position {sample.Position}): "
                + $"{e.Message} The learning rate {stepper.LearningRate:g6} may be beyond 2 / K(x, x); try a smaller one, or auto.", e);
        }
    }

    private (double[] Features, double[] Labels) ToArrays(Sample[] samples)
    {
        var d = probes.FeatureCount;
        var features = new double[samples.Length * d];
        var labels = new double[samples.Length];
        for (var b = 0; b < samples.Length; b++)
        {
            labels[b] = samples[b].Label;
            var values = samples[b].Features.Span;
            for (var k = 0; k < d; k++)
                features[(b * d) + k] = values[k];
        }

        return (features, labels);
    }
}

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// A stepper that can do without the products with its first layer's weights where the samples are probes, as those of a sweep are and those of
/// some studies: the shards carry the pre-activations of such a sample, and hand them over (<see cref="IHandOverShard"/>).
/// </summary>
public interface IClosedStepper : IStepper
{
    /// <summary>From now on every sample of an applied step is one of these probes.</summary>
    /// <param name="features">n x d, row-major: the features of all probes.</param>
    void Close(ReadOnlySpan<double> features);

    /// <summary>Takes B applied steps at probes, in order.</summary>
    /// <param name="probes">B indices of probes.</param>
    /// <param name="labels">B labels.</param>
    /// <param name="preActivations">B x h, row-major: as the shards hand them over.</param>
    /// <param name="areBehind">
    /// Whether they are those at the weights before the block that was stepped last; otherwise at the weights after it.
    /// </param>
    /// <exception cref="NonFiniteLossException">The loss at a sample is not finite; the weights hold the steps before it.</exception>
    SteppedBlock Step(ReadOnlySpan<int> probes, ReadOnlySpan<double> labels, ReadOnlySpan<float> preActivations, bool areBehind);

    /// <summary>Takes B virtual steps, each from the present weights.</summary>
    /// <param name="features">B x d, row-major.</param>
    /// <param name="labels">B labels.</param>
    /// <param name="preActivations">B x h, row-major: as the shards hand them over, at the present weights.</param>
    /// <exception cref="NonFiniteLossException">The loss at a sample is not finite.</exception>
    SteppedBlock StepVirtually(ReadOnlySpan<double> features, ReadOnlySpan<double> labels, ReadOnlySpan<float> preActivations);
}

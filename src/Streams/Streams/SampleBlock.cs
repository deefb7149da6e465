using System.Collections.Immutable;

namespace ElasticityStream.Streams;

/// <summary>
/// The samples of consecutive training steps, handed over together. Block b holds steps [bB, (b+1)B) of the whole study, across passes; the
/// last may be shorter, and after a resume that did not fall on a boundary the first.
/// </summary>
/// <param name="FirstStep">The step of the first sample, from 0.</param>
/// <param name="Samples">1 to B samples, one per step.</param>
public sealed record SampleBlock(long FirstStep, ImmutableArray<ScheduledSample> Samples)
{
    /// <summary>Where the stream stands once this block is trained on; what a checkpoint keeps.</summary>
    public TrainingPosition End => new(
        FirstStep + Samples.Length, Samples[^1].Pass, Samples[^1].IndexInPass + 1, Samples[^1].Sample.Position + 1);
}

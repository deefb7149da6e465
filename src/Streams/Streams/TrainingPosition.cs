namespace ElasticityStream.Streams;

/// <summary>A point in the order of training.</summary>
/// <param name="Step">The step to come next, over the whole study.</param>
/// <param name="Pass">The pass that it belongs to, or that has just ended.</param>
/// <param name="IndexInPass">The place in that pass of the sample to come next; the length of the pass if it has just ended.</param>
/// <param name="SourcePosition">Where to open the source for the rest of that pass; used where the order is the source's own.</param>
public sealed record TrainingPosition(long Step, int Pass, long IndexInPass, long SourcePosition)
{
    /// <summary>The start of a study.</summary>
    public static TrainingPosition Start { get; } = new(0, 0, 0, 0);
}

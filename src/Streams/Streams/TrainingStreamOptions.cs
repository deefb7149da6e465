using System.Collections.Frozen;

namespace ElasticityStream.Streams;

/// <summary>How the samples of a source become the steps of a study. A number out of its range throws an <see cref="ArgumentOutOfRangeException"/>.</summary>
public sealed record TrainingStreamOptions
{
    /// <summary>How often the source is gone through; at least 1, or null for without end.</summary>
    public int? Passes { get; init => field = value is { } passes ? AtLeastOne(passes) : null; } = 1;

    /// <summary>
    /// Whether each pass has a random order of its own, without replacement; the source is then held in memory and must end. Otherwise samples
    /// come in the order of the source, which is read as training goes on.
    /// </summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>The study's seed; with the number of a pass it fixes the order of that pass.</summary>
    public long Seed { get; init; }

    /// <summary>B, the number of samples in a block; at least 1.</summary>
    public int BlockSize { get; init => field = AtLeastOne(value); } = 32;

    /// <summary>How many blocks may wait, ready, for the trainer; at least 1. One or two more may be in the making.</summary>
    public int BlocksAhead { get; init => field = AtLeastOne(value); } = 2;

    /// <summary>Samples that are never trained on: held-out probes.</summary>
    public IReadOnlySet<string> ExcludedIds { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Where to go on.</summary>
    public TrainingPosition Start
    {
        get;
        init => field = value is { Step: >= 0, Pass: >= 0, IndexInPass: >= 0, SourcePosition: >= 0 }
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Every part of a position is 0 or more.");
    }
        = TrainingPosition.Start;

    private static int AtLeastOne(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        return value;
    }
}

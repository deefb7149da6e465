using System.Collections.Immutable;

namespace ElasticityStream.Host.RunFiles;

/// <summary>How one model of a run was trained and probed: all that a number measured on it depends on.</summary>
public sealed record ModelDescription
{
    /// <summary>The network in words, as in "784-256-1 relu".</summary>
    public required string Network { get; init; }

    /// <summary>Where it ran, as in "cpu" or "cuda:0".</summary>
    public required string Device { get; init; }

    /// <summary>The precision of the arithmetic, as in "probes float32, trainer float64".</summary>
    public required string Dtype { get; init; }

    /// <summary>The probe engine, as in "delta-forward".</summary>
    public required string Engine { get; init; }

    /// <summary>Why that engine.</summary>
    public required string EngineReason { get; init; }

    /// <summary>eta, the learning rate of every SGD step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>How the learning rate came about, as in "given" or "auto: 0.5 / mean K_ii".</summary>
    public required string LearningRateOrigin { get; init; }

    /// <summary>What f is: "output", "probability" or "logit".</summary>
    public required string Prediction { get; init; }

    /// <summary>Whether TF32 was allowed in matrix products on CUDA.</summary>
    public bool Tf32 { get; init; }

    /// <summary>How many steps it has, once the samples are read; null before, and where there is no end.</summary>
    public long? TotalSteps { get; init; }

    /// <summary>How many steps were done.</summary>
    public long Steps { get; init; }

    /// <summary>How many steps at probes gave no row, by measure.</summary>
    public IReadOnlyDictionary<string, long> DegenerateRows { get; init; } = ImmutableSortedDictionary<string, long>.Empty;
}

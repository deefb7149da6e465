using ElasticityStream.Actors.Recording;

namespace ElasticityStream.Host.Results;

/// <summary>What was found on one model.</summary>
public sealed record ModelSummary
{
    /// <summary>Its short name in the table, as in "relu".</summary>
    public required string Name { get; init; }

    /// <summary>The network in words, as in "mlp 784-256-1, biases".</summary>
    public required string Network { get; init; }

    /// <summary>The learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>How the learning rate came about, as in "given" or "auto: 0.5 / mean K_ii".</summary>
    public required string LearningRateOrigin { get; init; }

    /// <summary>How many steps were done.</summary>
    public required long Steps { get; init; }

    /// <summary>How long they took, with all that was measured.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The step that the process went on at, since which its time counts; 0 if it began.</summary>
    public long ResumedAt { get; init; }

    /// <summary>The elasticity at the end, by measure.</summary>
    public required IReadOnlyList<MeasureSummary> Measures { get; init; }

    /// <summary>How far S_ker of the last sweep is from the neural tangent kernel; null where none was computed.</summary>
    public KernelDistanceRow? KernelDistance { get; init; }

    /// <summary>The final clusterings, by measure and method.</summary>
    public required IReadOnlyList<ClusteringRow> Clusterings { get; init; }
}

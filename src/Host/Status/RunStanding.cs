using ElasticityStream.Host.RunFiles;

namespace ElasticityStream.Host.Status;

/// <summary>All that <c>elasticity status</c> says of a run.</summary>
internal sealed record RunStanding
{
    /// <summary>The study's name.</summary>
    public required string Study { get; init; }

    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    /// <summary>Its folder, an absolute path.</summary>
    public required string Folder { get; init; }

    /// <summary>Where it stands.</summary>
    public required RunState State { get; init; }

    /// <summary>Why it failed or who interrupted it; null if there is nothing to say.</summary>
    public string? Message { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartedUtc { get; init; }

    /// <summary>When it ended; null if it has not, or nobody knows.</summary>
    public DateTimeOffset? EndedUtc { get; init; }

    /// <summary>How long the latest of its processes ran, or has run by now, in seconds; null if nobody knows.</summary>
    public double? Seconds { get; init; }

    /// <summary>When it went on after its process had ended, and at which steps.</summary>
    public required IReadOnlyList<ResumptionStanding> Resumed { get; init; }

    /// <summary>Whose weights were swept; null unless it is a sweep at the weights of another run.</summary>
    public WeightsOrigin? SweepOf { get; init; }

    /// <summary>How many samples were not trained on; null if that cannot be read.</summary>
    public long? RejectedSamples { get; init; }

    /// <summary>The size of its folder.</summary>
    public required long Bytes { get; init; }

    /// <summary>The study's own model, then its contrast, if it has one.</summary>
    public required IReadOnlyList<ModelStanding> Models { get; init; }

    /// <summary>What could not be read, and why.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
}

/// <summary>That a run went on.</summary>
/// <param name="AtUtc">When.</param>
/// <param name="Step">At which step of the study's own model.</param>
/// <param name="ContrastStep">At which of the contrast; null if it had none.</param>
internal sealed record ResumptionStanding(DateTimeOffset AtUtc, long Step, long? ContrastStep);

/// <summary>Where one model of a run stands.</summary>
internal sealed record ModelStanding
{
    /// <summary>"main" or "contrast".</summary>
    public required string Role { get; init; }

    /// <summary>The network in words.</summary>
    public required string Network { get; init; }

    /// <summary>Where it computes.</summary>
    public required string Device { get; init; }

    /// <summary>How many steps are recorded; null if that cannot be read.</summary>
    public long? Steps { get; init; }

    /// <summary>How many it has; null if there is no end, or nobody knows yet.</summary>
    public long? TotalSteps { get; init; }

    /// <summary>The loss and accuracy over the latest steps; null if there are none.</summary>
    public LossStanding? Latest { get; init; }

    /// <summary>The latest elasticity index of each measure and protocol.</summary>
    public IReadOnlyList<ElasticityStanding> Elasticity { get; init; } = [];

    /// <summary>The latest clustering of each measure and method.</summary>
    public IReadOnlyList<ClusteringStanding> Clusterings { get; init; } = [];

    /// <summary>Its checkpoints; null if there are none.</summary>
    public CheckpointStanding? Checkpoints { get; init; }

    /// <summary>The latest events that tell what happened to the run, the oldest first.</summary>
    public IReadOnlyList<EventStanding> Events { get; init; } = [];
}

/// <summary>The mean loss and the accuracy over the latest steps.</summary>
/// <param name="Steps">Over how many.</param>
/// <param name="Loss">The mean over those whose loss is finite.</param>
/// <param name="Accuracy">The fraction predicted right, in [0, 1].</param>
internal sealed record LossStanding(long Steps, double Loss, double Accuracy);

/// <summary>An elasticity index beside its reference; null where one is not defined.</summary>
internal sealed record ElasticityStanding(
    string Measure, string Protocol, long Step, double? Index, double? Reference, int MeasuredRows, long DegenerateRows);

/// <summary>A clustering beside its control; accuracies in [0, 1].</summary>
internal sealed record ClusteringStanding(string Measure, string Method, long Step, bool IsFinal, double? Accuracy, double? ControlAccuracy);

/// <summary>The checkpoints of a model.</summary>
/// <param name="Kept">How many can be read.</param>
/// <param name="LatestStep">The step of the latest; null if none can be read.</param>
/// <param name="LatestUtc">When it was saved.</param>
/// <param name="AgeSeconds">How long ago that is.</param>
/// <param name="LatestBytes">How large it is.</param>
/// <param name="Bytes">How large all of them are.</param>
/// <param name="Damaged">Those that cannot be read, each with the reason.</param>
internal sealed record CheckpointStanding(
    int Kept, long? LatestStep, DateTimeOffset? LatestUtc, double? AgeSeconds, long? LatestBytes, long Bytes, IReadOnlyList<string> Damaged);

/// <summary>Something that happened to the run.</summary>
internal sealed record EventStanding(long Step, string Kind, string Detail);

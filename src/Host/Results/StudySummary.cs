using ElasticityStream.Host.RunFiles;

namespace ElasticityStream.Host.Results;

/// <summary>What a study found, for the closing table.</summary>
public sealed record StudySummary
{
    /// <summary>The study's name.</summary>
    public required string Study { get; init; }

    /// <summary>How the run ended.</summary>
    public required RunOutcome Outcome { get; init; }

    /// <summary>What failed although there are results; null where nothing did.</summary>
    public string? Failure { get; init; }

    /// <summary>What the control of the clusterings clusters, as in "pixels" or "features".</summary>
    public required string ControlName { get; init; }

    /// <summary>The study's own model.</summary>
    public required ModelSummary Main { get; init; }

    /// <summary>The contrast model; null if the study has none.</summary>
    public ModelSummary? Contrast { get; init; }

    /// <summary>How many samples were not trained on because they were rejected.</summary>
    public long RejectedSamples { get; init; }

    /// <summary>Where the results are, in the order in which to name them.</summary>
    public required IReadOnlyList<ResultFile> Files { get; init; }
}

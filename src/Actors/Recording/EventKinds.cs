namespace ElasticityStream.Actors.Recording;

/// <summary>The kinds of <see cref="EventRow"/>.</summary>
public static class EventKinds
{
    /// <summary>The study began.</summary>
    public const string Started = "started";

    /// <summary>The mini-batches before it are done.</summary>
    public const string Pretrained = "pretrained";

    /// <summary>eta is fixed.</summary>
    public const string LearningRate = "learning-rate";

    /// <summary>A sweep was taken.</summary>
    public const string Sweep = "sweep";

    /// <summary>The study ended.</summary>
    public const string Ended = "ended";

    /// <summary>An actor failed, and all went back to a checkpoint.</summary>
    public const string Rewound = "rewound";

    /// <summary>The study went on after its process had ended.</summary>
    public const string Resumed = "resumed";

    /// <summary>Samples are missing: the source of a study that went on could not go back.</summary>
    public const string Gap = "gap";

    /// <summary>A source failed and was opened again.</summary>
    public const string SourceRestarted = "source-restarted";

    /// <summary>The kinds that belong to the steps: steps that are taken again record them again. The others tell what happened to the run, and stay.</summary>
    public static IReadOnlyList<string> OfTheSteps { get; } = [Started, Pretrained, LearningRate, Sweep, Ended];
}

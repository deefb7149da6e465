namespace ElasticityStream.Actors.Telemetry;

/// <summary>What a run is doing.</summary>
public enum StudyState
{
    /// <summary>Reading samples, creating the model, pre-training.</summary>
    Starting,

    /// <summary>Samples are in flight, or were a moment ago.</summary>
    Running,

    /// <summary>The source has been quiet for a while: nothing is in flight.</summary>
    Idle,

    /// <summary>Over; what was asked for is measured, or what had been measured until it was interrupted.</summary>
    Ended,

    /// <summary>Over before its time.</summary>
    Failed,
}

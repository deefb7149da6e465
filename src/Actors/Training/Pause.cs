namespace ElasticityStream.Actors.Training;

/// <summary>Why work rests.</summary>
internal enum Pause
{
    /// <summary>Others have something to acknowledge first.</summary>
    UntilAcknowledged,

    /// <summary>Messages may have arrived.</summary>
    ForOtherMessages,
}

namespace ElasticityStream.Actors.Training;

/// <summary>Why work rests.</summary>
internal enum Pause
{
    /// <summary>Others have something to acknowledge first.</summary>
    UntilAcknowledged,

    /// <summary>A part of it is to be done first.</summary>
    UntilPartIsDone,

    /// <summary>Messages may have arrived.</summary>
    ForOtherMessages,
}

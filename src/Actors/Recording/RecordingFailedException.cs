namespace ElasticityStream.Actors.Recording;

/// <summary>What is measured cannot be kept. Trying again from a checkpoint would not help: whoever asked for the study gets the cause.</summary>
internal sealed class RecordingFailedException : Exception
{
    public RecordingFailedException()
    {
    }

    public RecordingFailedException(string message)
        : base(message)
    {
    }

    public RecordingFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public RecordingFailedException(Exception cause)
        : base(cause.Message, cause)
    {
    }
}

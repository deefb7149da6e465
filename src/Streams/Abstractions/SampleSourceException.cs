namespace ElasticityStream;

/// <summary>A source cannot be opened or read. The message says which one, where, and what would be right.</summary>
public sealed class SampleSourceException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public SampleSourceException()
    {
    }

    /// <summary>Creates the exception with a message for the user.</summary>
    public SampleSourceException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message for the user and its cause.</summary>
    public SampleSourceException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

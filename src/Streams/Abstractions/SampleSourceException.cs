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

    /// <summary>
    /// Whether the same reading may succeed if it is tried again: yes for a disk or a network that did not answer, no for content that is
    /// malformed, a file that is not there, or an option that is wrong.
    /// </summary>
    public bool IsTransient { get; init; }
}

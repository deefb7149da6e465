namespace ElasticityStream.Actors.Studies;

/// <summary>A study cannot go on. The message is for its user.</summary>
public sealed class StudyFailedException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public StudyFailedException()
    {
    }

    /// <summary>Creates the exception with a message for the user.</summary>
    public StudyFailedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message for the user and its cause.</summary>
    public StudyFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

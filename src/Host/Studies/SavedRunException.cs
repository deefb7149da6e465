namespace ElasticityStream.Host.Studies;

/// <summary>What a run left behind is not there, damaged, or not what its study asks for. The message is for its user.</summary>
internal sealed class SavedRunException : Exception
{
    public SavedRunException()
    {
    }

    public SavedRunException(string message)
        : base(message)
    {
    }

    public SavedRunException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

namespace ElasticityStream.Host.RunFiles;

/// <summary>A file or folder of a run could not be created, written or read. The message names it and says what to do.</summary>
public sealed class RunDirectoryException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public RunDirectoryException()
    {
    }

    /// <summary>Creates the exception with a message for the user.</summary>
    public RunDirectoryException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message for the user and its cause.</summary>
    public RunDirectoryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The file or folder that failed.</summary>
    public string Path { get; init; } = "";

    /// <summary>Puts a failure of the file system into the user's words.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="action">What was tried, as in "Could not {action} '{path}'".</param>
    /// <param name="cause">What the file system answered.</param>
    internal static RunDirectoryException From(string path, string action, Exception cause) =>
        new($"Could not {action} '{path}': {Explain(cause)}", cause) { Path = path };

    /// <summary>The failures of the file system that a caller may turn into this exception.</summary>
    internal static bool IsFileFailure(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or NotSupportedException;

    private static string Explain(Exception cause) => cause switch
    {
        UnauthorizedAccessException =>
            "permission denied. Give this user the right to write there, or choose another folder with --output.",
        DirectoryNotFoundException =>
            "the folder does not exist, or it was removed while the study ran. Leave the folder of a running study in place, or choose another with --output.",
        FileNotFoundException =>
            "it does not exist, or it was removed while the study ran. Leave the folder of a running study in place, or choose another with --output.",
        IOException { HResult: NoSpaceOnUnix or DiskFullOnWindows or HandleDiskFullOnWindows } =>
            "the disk is full. Free some space, or choose a folder on another disk with --output.",
        IOException { HResult: ReadOnlyOnUnix } =>
            "the file system is read-only. Choose another folder with --output.",
        _ => $"{cause.Message.TrimEnd('.')}. Check the path, or choose another folder with --output.",
    };

    private const int NoSpaceOnUnix = 28;
    private const int ReadOnlyOnUnix = 30;
    private const int DiskFullOnWindows = unchecked((int)0x80070070);
    private const int HandleDiskFullOnWindows = unchecked((int)0x80070027);
}

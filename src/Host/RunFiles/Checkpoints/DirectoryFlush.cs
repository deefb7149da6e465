using System.Runtime.InteropServices;

namespace ElasticityStream.Host.RunFiles.Checkpoints;

/// <summary>
/// Makes the names in a folder durable. A file that was flushed is safe with its content, but on Unix its name, and a rename, are content of the
/// folder, which .NET has no call to flush. Windows has no such call either; NTFS logs renames in its journal.
/// </summary>
internal static partial class DirectoryFlush
{
    private const int CloseOnExecOnLinux = 0x80000;
    private const int CloseOnExecOnMac = 0x1000000;

    private const int NoSuchFile = 2;
    private const int Interrupted = 4;
    private const int AccessDenied = 13;
    private const int NotSupportedByFileSystem = 22;

    /// <summary>Returns once the names in a folder are on the disk; at once on Windows, and where the file system has no such operation.</summary>
    /// <exception cref="IOException">The disk failed, or the folder is gone.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;

        var flags = OperatingSystem.IsLinux() ? CloseOnExecOnLinux : OperatingSystem.IsMacOS() ? CloseOnExecOnMac : 0;
        int descriptor;
        while ((descriptor = Open(folder, flags)) < 0)
            ThrowUnless(Interrupted, folder);
        try
        {
            while (Synchronize(descriptor) < 0)
            {
                if (Marshal.GetLastPInvokeError() == NotSupportedByFileSystem)
                    break;
                ThrowUnless(Interrupted, folder);
            }
        }
        finally
        {
            // Nothing was written through it: closing it has no failure to report.
            _ = Close(descriptor);
        }
    }

    private static void ThrowUnless(int harmless, string folder)
    {
        var error = Marshal.GetLastPInvokeError();
        if (error == harmless)
            return;
        var message = $"{Marshal.GetPInvokeErrorMessage(error)} : '{folder}'";
        throw error switch
        {
            NoSuchFile => new DirectoryNotFoundException(message),
            AccessDenied => new UnauthorizedAccessException(message),
            _ => new IOException(message, error),
        };
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}

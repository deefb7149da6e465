using System.ComponentModel;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace ElasticityStream.Host.Tests.RunFiles.Checkpoints;

/// <summary>
/// A file system in memory of a given size that one thread alone sees: it is mounted in a name space of that thread's own, which ends with the thread and
/// takes the mount along.
/// </summary>
internal static partial class SmallFileSystem
{
    private const int NewMountNamespace = 0x0002_0000;
    private const nuint ReadOnly = 1;
    private const nuint Remount = 32;
    private const nuint Recursive = 0x4000;
    private const nuint Private = 0x4_0000;

    /// <summary>Mounts it on a folder and runs a test there. The test is skipped where this user may not mount anything.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="kibibytes">The size.</param>
    /// <param name="test">The test; it gets an action that makes the file system read-only.</param>
    public static void Run(string folder, int kibibytes, Action<Action> test)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "NOT TESTED: small and read-only file systems are mounted as on Linux.");
        ExceptionDispatchInfo? failure = null;
        string? refused = null;
        var thread = new Thread(() =>
        {
            try
            {
                refused = Mount(folder, kibibytes);
                if (refused is null)
                    test(() => Check(Mount("none", folder, "tmpfs", Remount | ReadOnly, null)));
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        Assert.SkipWhen(refused is not null, $"NOT TESTED: what happens on a full or read-only disk; this system lets this user mount none ({refused}).");
    }

    private static string? Mount(string folder, int kibibytes)
    {
        if (Unshare(NewMountNamespace) == 0 && Mount("none", "/", null, Recursive | Private, null) == 0
            && Mount("none", folder, "tmpfs", 0, $"size={kibibytes}k") == 0)
            return null;
        return Marshal.GetLastPInvokeErrorMessage();
    }

    private static void Check(int result)
    {
        if (result != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Mount(string source, string target, string? type, nuint flags, string? options);
}

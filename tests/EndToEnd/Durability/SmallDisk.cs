using System.Diagnostics;
using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd.Durability;

/// <summary>A file system of 16 MiB in memory, which is mounted for one test.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly string _ballast;

    private SmallDisk(string root)
    {
        Root = root;
        _ballast = Path.Combine(root, "ballast");
    }

    public string Root { get; }

    /// <summary>Mounts it, or skips the test where that is not allowed.</summary>
    /// <param name="root">Where; a folder that is not there yet.</param>
    public static SmallDisk Mount(string root)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "NOT TESTED: a full disk is mounted as on Linux.");
        Directory.CreateDirectory(root);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", root) == 0, "NOT TESTED: this user may not mount the small disk that is to become full.");
        return new SmallDisk(root);
    }

    /// <summary>Takes all the space that there is.</summary>
    public void Fill()
    {
        using var file = new FileStream(_ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var page = new byte[4096];
        try
        {
            while (true)
                file.Write(page);
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    /// <summary>Gives it back.</summary>
    public void Free() => File.Delete(_ballast);

    public void Dispose() => Run("umount", "--lazy", Root);

    private static int Run(string program, params string[] arguments)
    {
        if (Tool.Find(program) is not { } path)
            return -1;
        using var process = Process.Start(new ProcessStartInfo(path, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}

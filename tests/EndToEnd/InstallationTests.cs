using System.Diagnostics;
using System.Runtime.InteropServices;
using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd;

/// <summary>Installations that the user may only read.</summary>
public sealed partial class InstallationTests : IDisposable
{
    private const UnixFileMode ReadOnly =
        UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        if (Directory.Exists(_folder.At("installed")))
            SetMode(_folder.At("installed"), ReadOnly | UnixFileMode.UserWrite);
        _folder.Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("/proc/no-home")]
    public async Task The_host_runs_without_a_home_that_can_be_written_and_leaves_its_own_files_alone(string? home)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "NOT TESTED: needs homes and /proc as on Linux.");
        var before = Files(Repository.HostOutput);
        var temporary = Directory.CreateDirectory(_folder.At("temporary")).FullName;
        var environment = new Dictionary<string, string?> { ["HOME"] = home, ["XDG_CACHE_HOME"] = null, ["TMPDIR"] = temporary };

        using var host = HostProcess.Start(Repository.HostOutput, _folder.Root, environment, SmallStudy.Arguments(_folder));
        (await host.EndAsync()).Returned(0);

        Assert.Equal(before, Files(Repository.HostOutput));
    }

    [Fact]
    public async Task The_host_runs_from_a_folder_that_cannot_be_written()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "NOT TESTED: needs permissions and mounts as on Linux.");
        var installed = _folder.At("installed");
        LinkFiles(Repository.HostOutput, installed);
        SetMode(installed, ReadOnly);

        using var host = HostProcess.StartBy(
            UserId() == 0 ? ReadOnlyMount(installed) : [], installed, _folder.Root, new Dictionary<string, string?>(), SmallStudy.Arguments(_folder));
        (await host.EndAsync()).Returned(0);
    }

    // Root may write where permissions forbid it, but not to a file system that is mounted read-only, here in a name space of the host's own.
    private static string[] ReadOnlyMount(string folder)
    {
        using var probe = Process.Start(new ProcessStartInfo("unshare", ["--mount", "true"]) { UseShellExecute = false, RedirectStandardError = true })!;
        probe.WaitForExit();
        Assert.SkipUnless(probe.ExitCode == 0, "NOT TESTED: root may write where permissions forbid it, and this system grants no mount name space.");
        return
        [
            "unshare", "--mount", "sh", "-ec",
            """mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"; if touch "$1/written"; then exit 99; fi; shift; exec "$@" """,
            "read-only", folder,
        ];
    }

    private static string[] Files(string folder) =>
        [.. new DirectoryInfo(folder).GetFiles("*", SearchOption.AllDirectories).Select(f => $"{f.FullName} {f.Length} {f.LastWriteTimeUtc:o}").Order(StringComparer.Ordinal)];

    private static void SetMode(string root, UnixFileMode mode)
    {
        foreach (var folder in Directory.GetDirectories(root, "*", SearchOption.AllDirectories).Append(root))
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(folder, mode);
        }
    }

    private static void LinkFiles(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            Assert.Equal(0, Link(file, Path.Combine(to, Path.GetFileName(file))));
        foreach (var folder in Directory.GetDirectories(from))
            LinkFiles(folder, Path.Combine(to, Path.GetFileName(folder)));
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint UserId();

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string from, string to);
}

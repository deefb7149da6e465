using System.Runtime.InteropServices;
using ElasticityStream.EndToEnd.Fixtures;
using Microsoft.Data.Sqlite;

namespace ElasticityStream.EndToEnd.Durability;

/// <summary>
/// What a run writes to fails under it: it ends with the reason, and goes on when that is put right. The study has a checkpoint every 60 of its 720 steps.
/// </summary>
public sealed partial class FailingDiskTests(UndisturbedRuns undisturbed)
{
    private const UnixFileMode Readable =
        UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const UnixFileMode Writable = Readable | UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private static readonly DurableStudy Study = DurableStudy.Of("full-forward");
    private static readonly Moment SomeTimeIn = Moment.Saved(120);

    [Fact]
    public async Task A_disk_that_is_full_leaves_the_last_checkpoint_and_the_run_goes_on_when_there_is_space()
    {
        using var run = new DisturbedRun(Study);
        using var disk = SmallDisk.Mount(run.Folder.At("runs"));
        var host = run.Start();
        await run.ReachedAsync(host, SomeTimeIn);
        disk.Fill();
        var ended = (await host.EndAsync()).Returned(1);

        Assert.True(ended.Error.Contains("the disk is full", StringComparison.Ordinal), ended.Error);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);

        Assert.Contains(Moment.Checkpoints(run.Run!), c => !c.IsUnfinished && c.Step >= 120);
        disk.Free();
        await GoesOnAsync(run);
    }

    [Fact]
    public async Task A_folder_that_can_no_longer_be_written_ends_the_study_and_the_run_goes_on_when_it_can()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "NOT TESTED: Windows has no Unix permissions.");
        using var run = new DisturbedRun(Study);
        SetMode(run.Folder.Root, Writable);
        var host = run.Start(await UserOfPermissionsAsync(run.Folder));
        await run.ReachedAsync(host, SomeTimeIn);
        SetModes(run.Run!, Readable);
        var ended = (await host.EndAsync()).Returned(1);

        Assert.True(ended.Error.Contains("permission denied", StringComparison.Ordinal), ended.Error);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);

        SetModes(run.Run!, Writable);
        await GoesOnAsync(run);
    }

    [Fact]
    public async Task A_run_whose_folder_is_removed_ends_with_the_reason_and_leaves_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "NOT TESTED: Windows does not let open files be removed.");
        using var run = new DisturbedRun(Study);
        var host = run.Start();
        await run.ReachedAsync(host, SomeTimeIn);

        Remove(run.Run!.Root);

        var ended = (await host.EndAsync()).Returned(1);
        // The log may have had something to say before, of a checkpoint that it could not remove because it was gone.
        var said = ended.Error.TrimEnd('\n').Split('\n')[^1];
        Assert.StartsWith("The study failed: ", said, StringComparison.Ordinal);
        Assert.True(said.Contains("was removed while the study ran", StringComparison.Ordinal), said);
        Assert.Empty(Directory.GetFileSystemEntries(run.Folder.At("runs/small")));
    }

    [Fact]
    public async Task A_database_that_stays_locked_ends_the_study_and_the_run_goes_on_when_it_is_free()
    {
        using var run = new DisturbedRun(Study);
        var host = run.Start();
        await run.ReachedAsync(host, SomeTimeIn);
        var source = new SqliteConnectionStringBuilder { DataSource = run.Run!.At("run.db"), Mode = SqliteOpenMode.ReadWrite, Pooling = false };
        using (var other = new SqliteConnection(source.ToString()))
        {
            other.Open();
            using var hold = other.CreateCommand();
            hold.CommandText = "BEGIN EXCLUSIVE";
            hold.ExecuteNonQuery();

            var ended = (await host.EndAsync()).Returned(1);

            Assert.Contains("run.db': another program has locked it.", ended.Error, StringComparison.Ordinal);
        }

        await GoesOnAsync(run);
    }

    private async Task GoesOnAsync(DisturbedRun run)
    {
        await run.FinishAsync();
        SameBits.Check(await undisturbed.OfAsync(Study), run.Run!);
    }

    // Root may write whatever the permissions say; the host runs as nobody then.
    private static async Task<string[]> UserOfPermissionsAsync(TemporaryFolder folder)
    {
        if (UserId() != 0)
            return [];
        string[] nobody = [Tool.Find("setpriv") ?? "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
        Assert.SkipUnless(File.Exists(nobody[0]), "NOT TESTED: root may write where permissions forbid it, and there is no setpriv.");
        using var probe = HostProcess.StartBy(nobody, Repository.HostOutput, folder.Root, new Dictionary<string, string?>(StringComparer.Ordinal), "sources");
        Assert.SkipUnless(await probe.ExitAsync() == 0, "NOT TESTED: root may write where permissions forbid it, and nobody else may run the host here.");
        return nobody;
    }

    private static void SetModes(RunFolder run, UnixFileMode mode)
    {
        foreach (var folder in Directory.GetDirectories(run.Root, "*", SearchOption.AllDirectories).Append(run.Root))
        {
            try
            {
                SetMode(folder, mode);
            }
            catch (IOException)
            {
                // A checkpoint that the host has given its name, or removed, meanwhile.
            }
        }
    }

    private static void SetMode(string folder, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, mode);
    }

    // The host writes meanwhile.
    private static void Remove(string folder)
    {
        while (Directory.Exists(folder))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // Something new came in.
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint UserId();
}

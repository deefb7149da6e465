using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.RunFiles.Checkpoints;

namespace ElasticityStream.Host.Tests.RunFiles.Checkpoints;

/// <summary>What the disk refuses is said in the user's words, and what was saved before stays.</summary>
public sealed class CheckpointDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Folder => _folder.File("checkpoints");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Full_disk_is_named_and_the_checkpoint_before_stays_and_the_space_is_free_again() => SmallFileSystem.Run(_folder.Root, 512, _ =>
    {
        var store = SampleCheckpoint.Store(Folder, keep: 1);
        store.Save(SampleCheckpoint.Create(1));
        var large = new CarriedState([new("first", new float[1_000]), new("second", new double[100_000])]);

        // Once with a new step, once with the step that is there.
        for (var step = 2; step > 0; step--)
        {
            var exception = Assert.Throws<RunDirectoryException>(
                () => store.Save(new StudyCheckpoint(step, [], new Dictionary<string, CarriedState> { ["trainer"] = large })));

            Assert.Equal(Path.Combine(Folder, $".step-00000000000{step}.tmp", "trainer.second.npy"), exception.Path);
            Assert.Contains("the disk is full", exception.Message, StringComparison.Ordinal);
            Assert.Equal(["step-000000000001"], Directory.GetFileSystemEntries(Folder).Select(Path.GetFileName));
            SampleCheckpoint.AssertSame(SampleCheckpoint.Create(1), CheckpointReader.LoadLatest(Folder)!.Checkpoint);
        }

        store.Save(SampleCheckpoint.Create(3));
        Assert.Equal((2, 3), (CheckpointReader.LoadLatest(Folder)!.Saved.Number, CheckpointReader.LoadLatest(Folder)!.Saved.Step));
    });

    [Fact]
    public void Read_only_file_system_is_named_and_what_is_there_can_be_loaded() => SmallFileSystem.Run(_folder.Root, 512, makeReadOnly =>
    {
        var store = SampleCheckpoint.Store(Folder);
        store.Save(SampleCheckpoint.Create(1));
        makeReadOnly();

        var saving = Assert.Throws<RunDirectoryException>(() => store.Save(SampleCheckpoint.Create(2)));
        var opening = Assert.Throws<RunDirectoryException>(() => SampleCheckpoint.Store(_folder.File("contrast/checkpoints")));

        Assert.Equal(Path.Combine(Folder, ".step-000000000002.tmp"), saving.Path);
        Assert.Contains("read-only", saving.Message, StringComparison.Ordinal);
        Assert.Contains("read-only", opening.Message, StringComparison.Ordinal);
        SampleCheckpoint.AssertSame(SampleCheckpoint.Create(1), CheckpointReader.LoadLatest(Folder)!.Checkpoint);
    });

    [Fact]
    public void Folder_that_may_not_be_written_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "NOT TESTED: permissions forbid this user, or this system, nothing.");
        var store = SampleCheckpoint.Store(Folder);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var exception = Assert.Throws<RunDirectoryException>(() => store.Save(SampleCheckpoint.Create(1)));

        Assert.Contains("permission denied", exception.Message, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void Folder_that_was_removed_while_the_study_ran_is_named_and_not_made_again()
    {
        var store = SampleCheckpoint.Store(Folder);
        store.Save(SampleCheckpoint.Create(1));
        Directory.Delete(Folder, recursive: true);

        var exception = Assert.Throws<RunDirectoryException>(() => store.Save(SampleCheckpoint.Create(2)));

        Assert.Equal(Folder, exception.Path);
        Assert.Contains("removed while the study ran", exception.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(Folder));
    }

    [Fact]
    public void File_in_place_of_the_folder_is_named()
    {
        File.WriteAllText(Folder, "a file");

        Assert.Equal(Folder, Assert.Throws<RunDirectoryException>(() => SampleCheckpoint.Store(Folder)).Path);
        Assert.Null(CheckpointReader.LoadLatest(Folder));
    }

    [Fact]
    public void Flushing_a_folder_that_is_not_there_is_a_failure_like_that_of_a_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "NOT TESTED: on Windows folders are not flushed.");
        DirectoryFlush.Flush(_folder.Root);

        Assert.Throws<DirectoryNotFoundException>(() => DirectoryFlush.Flush(_folder.File("none")));
    }
}

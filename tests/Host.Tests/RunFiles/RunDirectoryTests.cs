using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.Tests.Progress;

namespace ElasticityStream.Host.Tests.RunFiles;

public sealed class RunDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_directory_holds_the_layout_when_it_is_created()
    {
        var run = RunDirectory.Create(_folder.File("runs"), "mnist-5v9", _time, hasContrast: true, "a1b2c3");

        Assert.Equal("20260301-093005-a1b2c3", run.Id);
        Assert.Equal(Path.Combine(_folder.Root, "runs", "mnist-5v9", run.Id), run.Root);
        var contrast = Assert.IsType<ModelFiles>(run.Contrast);
        Assert.Equal(Path.Combine(run.Root, "contrast", "run.db"), contrast.Database);
        Assert.All(run.Main.Folders.Concat(contrast.Folders), folder => Assert.True(Directory.Exists(folder), folder));
        Assert.Equal([run.Id], Directory.GetFileSystemEntries(Path.GetDirectoryName(run.Root)!).Select(Path.GetFileName));
        Assert.Equal(Path.Combine(run.Root, "study.yaml"), run.StudyFile);
        Assert.Equal(Path.Combine(run.Root, "similarity", "relative-ids.npy"), run.Main.Probes("relative", "ids"));
    }

    [Fact]
    public void Run_directory_has_no_contrast_folder_when_the_study_has_no_contrast()
    {
        var run = RunDirectory.Create(_folder.Root, "s", _time, hasContrast: false);

        Assert.Null(run.Contrast);
        Assert.False(Path.Exists(Path.Combine(run.Root, "contrast")));
        Assert.Matches("^20260301-093005-[0-9a-f]{6}$", run.Id);
    }

    [Fact]
    public void Sweep_lies_beside_its_run_or_among_the_runs_of_another_folder_and_never_in_it()
    {
        var run = RunDirectory.Create(_folder.File("runs"), "s", _time, hasContrast: true, "a1b2c3");

        var beside = RunDirectory.CreateForSweep($"{run.Root}/", null, "s", _time, hasContrast: true);
        var elsewhere = RunDirectory.CreateForSweep(run.Root, _folder.File("other"), "s", _time, hasContrast: false);

        Assert.Matches("^20260301-093005-[0-9a-f]{6}-sweep$", beside.Id);
        Assert.Equal(Path.GetDirectoryName(run.Root), Path.GetDirectoryName(beside.Root));
        Assert.Equal(_folder.File("other/s"), Path.GetDirectoryName(elsewhere.Root));
        Assert.NotNull(beside.Contrast);
        Assert.Null(elsewhere.Contrast);
        Assert.NotNull(RunDirectory.Existing($"{run.Root}/").Contrast);
        Assert.Equal(run.Root, RunDirectory.Existing($"{run.Root}/").Root);
        Assert.Null(RunDirectory.Existing(elsewhere.Root).Contrast);
    }

    [Fact]
    public void Two_runs_get_different_folders_when_they_start_in_the_same_second() =>
        Assert.NotEqual(
            RunDirectory.Create(_folder.Root, "s", _time, hasContrast: false).Root,
            RunDirectory.Create(_folder.Root, "s", _time, hasContrast: false).Root);

    [Fact]
    public void Existing_run_directory_is_refused_and_left_alone()
    {
        var first = RunDirectory.Create(_folder.Root, "s", _time, hasContrast: false, "same");
        File.WriteAllText(first.StudyFile, "mine");

        var exception = Assert.Throws<RunDirectoryException>(() => RunDirectory.Create(_folder.Root, "s", _time, hasContrast: true, "same"));

        Assert.Equal(first.Root, exception.Path);
        Assert.Contains("exists already", exception.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(first.StudyFile));
        Assert.Null(Directory.GetDirectories(first.Root, "contrast").FirstOrDefault());
    }

    [Fact]
    public void Nothing_is_left_and_the_path_is_named_when_a_file_stands_in_place_of_a_folder()
    {
        File.WriteAllText(_folder.File("runs"), "a file");

        var exception = Assert.Throws<RunDirectoryException>(
            () => RunDirectory.Create(Path.Combine(_folder.Root, "runs"), "study", _time, hasContrast: false));

        Assert.Contains(Path.Combine(_folder.Root, "runs", "study"), exception.Message, StringComparison.Ordinal);
        Assert.Contains("--output", exception.Message, StringComparison.Ordinal);
        Assert.Equal([_folder.File("runs")], Directory.GetFileSystemEntries(_folder.Root));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    public void Study_name_is_refused_when_it_is_no_plain_folder_name(string study)
    {
        Assert.Throws<ArgumentException>(() => RunDirectory.Create(_folder.Root, study, _time, hasContrast: false));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
    }
}

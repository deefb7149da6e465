using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.Studies;
using ElasticityStream.Host.Tests.Configuration;
using ElasticityStream.Host.Tests.RunFiles;
using ElasticityStream.Host.Tests.Status;

namespace ElasticityStream.Host.Tests.Studies;

public sealed class NewestRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Newest_run_of_the_study_is_found_wherever_it_is_watched_and_however_often_it_is_saved()
    {
        Assert.Null(SavedRun.Newest(Study()));
        Create("a1a1a1");
        var newest = Create("b2b2b2", "checkpoint: { everySteps: 100 }", "telemetry: { port: 1 }");
        Create("c3c3c3", "seed: 2");
        Directory.CreateDirectory(_folder.File("small/20260301-093005-d4d4d4"));
        Create("e5e5e5", sweepOf: new WeightsOrigin(newest, "final"));

        Assert.Equal(newest, SavedRun.Newest(Study("recovery: { maxRewinds: 1 }"))!.Directory.Root);
        Assert.Null(SavedRun.Newest(Study("seed: 3")));
    }

    [Theory]
    [InlineData("run.json", "{ \"study\":")]
    [InlineData("study.yaml", "name: [")]
    public void Damaged_run_that_may_be_the_newest_is_named(string file, string content)
    {
        Create("a1a1a1");
        var damaged = Create("b2b2b2");
        File.WriteAllText(Path.Combine(damaged, file), content);

        var exception = Assert.Throws<SavedRunException>(() => SavedRun.Newest(Study()));

        Assert.Contains(Path.Combine(damaged, file), exception.Message, StringComparison.Ordinal);
        Assert.Contains($"move '{damaged}' elsewhere", exception.Message, StringComparison.Ordinal);
    }

    private string Create(string id, params string[] lines) => Create(id, null, lines);

    private string Create(string id, WeightsOrigin? sweepOf, params string[] lines) =>
        SampleRun.Create(_folder.Root, SampleRun.Description with { Study = "small", SweepOf = sweepOf }, Text(lines), id).Root;

    private StudyConfiguration Study(params string[] lines)
    {
        var study = StudyFile.Parse(Text(lines), "small.yaml", [], TestSources.Known).Configuration!;
        return study with { Output = study.Output with { Directory = _folder.Root } };
    }

    private static string Text(string[] lines) => string.Join('\n', [Configuration.Studies.Smallest, .. lines]);
}

using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.Studies;
using ElasticityStream.Host.Tests.RunFiles;
using ElasticityStream.Streams;
using ElasticityStream.Streams.Validation;

namespace ElasticityStream.Host.Tests.Studies;

public sealed class StudySourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<SourceRestart> _restarts = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Source_that_fails_while_it_is_read_is_tried_as_often_as_the_study_says(bool shuffle)
    {
        var source = Open(retries: 0, shuffle);
        using (new FileStream(_folder.File("table.csv"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var failure = await Assert.ThrowsAsync<SampleSourceException>(() => ReadAsync(source, _restarts.Add));
            Assert.Contains("tried once (source.retries: 0)", failure.Message, StringComparison.Ordinal);
            Assert.Empty(_restarts);
        }

        Assert.Equal(2, (await ReadAsync(source, _restarts.Add)).Count);
    }

    [Fact]
    public async Task Restart_is_reported_before_the_source_is_opened_again()
    {
        var source = Open(retries: 1, shuffle: true);
        using var lockedFile = new FileStream(_folder.File("table.csv"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        // What the report throws ends the reading: no test waits for a second try.
        await Assert.ThrowsAsync<NotSupportedException>(() => ReadAsync(source, restart =>
        {
            _restarts.Add(restart);
            throw new NotSupportedException();
        }));

        var reported = Assert.Single(_restarts);
        Assert.Equal((0L, 1, TimeSpan.FromSeconds(1)), (reported.Position, reported.Attempt, reported.Delay));
        Assert.True(Assert.IsType<SampleSourceException>(reported.Cause).IsTransient);
    }

    private static async Task<List<Sample>> ReadAsync(StudySource source, Action<SourceRestart> restarting)
    {
        var samples = new List<Sample>();
        await using var loaded = await source.LoadAsync(new NoLog(), EarlierRejections.None, restarting, TestContext.Current.CancellationToken);
        await foreach (var sample in loaded.Source.OpenAsync(0, TestContext.Current.CancellationToken))
            samples.Add(sample);
        return samples;
    }

    private StudySource Open(int retries, bool shuffle)
    {
        File.WriteAllText(_folder.File("table.csv"), "x,label\n1,0\n2,1\n");
        var text = $$"""
            name: small
            source: { type: csv, options: { file: table.csv }, retries: {{retries}} }
            model: { type: linear }
            training: { learningRate: 0.1, shuffle: {{(shuffle ? "true" : "false")}} }
            """;
        var path = _folder.File("study.yaml");
        var study = StudyFile.Parse(text, path, [], KnownSources.Of(SampleSourceRegistry.BuiltIn.All));
        Assert.Empty(study.Errors);
        return StudySource.Open(study.Configuration!, path);
    }

    private sealed class NoLog : IRejectedSampleLog
    {
        public void Report(RejectedSample sample) => Assert.Fail(sample.Detail);
    }
}

using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Host.Telemetry;
using ElasticityStream.Host.Tests.RunFiles;
using Microsoft.Extensions.Logging;

namespace ElasticityStream.Host.Tests.Telemetry;

public sealed class RunLogLimitTests : IDisposable
{
    private const int MostBytes = 10_000;
    private const int MostFiles = 4;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Log_goes_on_where_it_was_when_a_run_is_resumed()
    {
        Write(process: 0, lines: 3);
        Write(process: 1, lines: 2);

        Assert.Equal(["0.0", "0.1", "0.2", "1.0", "1.1"], Lines(Assert.Single(Files())));
    }

    [Fact]
    public void Log_stays_within_its_limits_however_often_a_run_is_resumed()
    {
        for (var process = 0; process < 12; process++)
        {
            Write(process, lines: 60);
            var files = Files();
            // The file that a process opens and the one that the library then writes to may be two: one more, and an empty one.
            Assert.InRange(files.Length, 1, MostFiles + 1);
            Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 0, MostBytes + 1_000));
            Assert.InRange(files.Sum(file => new FileInfo(file).Length), 1, MostFiles * (MostBytes + 1_000));
        }

        var written = Files().SelectMany(Lines).Select(line => line.Split('.').Select(int.Parse).ToArray()).Select(n => (60 * n[0]) + n[1]).Order().ToArray();
        Assert.Equal((12 * 60) - 1, written[^1]);
        Assert.Equal(Enumerable.Range(written[0], written.Length), written);
    }

    private void Write(int process, int lines)
    {
        using var meter = new ElasticityMeter([], RunTelemetry.Signals, TimeProvider.System);
        using var log = new RunLog(_folder.File("log.jsonl"), meter, MostBytes, MostFiles);
        using var logs = LoggerFactory.Create(builder => builder.AddProvider(log.CreateProvider()));
        var logger = logs.CreateLogger("Test");
        for (var line = 0; line < lines; line++)
            logger.LogInformation("{Line} {Filling}", $"<{process}.{line}>", new string('x', 100));
    }

    private string[] Files() => Directory.GetFiles(_folder.Root, "log*.jsonl");

    private static IEnumerable<string> Lines(string file) => File.ReadAllLines(file).Select(line => line.Split("\"Line\":\"<")[1].Split('>')[0]);
}

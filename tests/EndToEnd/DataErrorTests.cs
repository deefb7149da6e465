using System.Globalization;
using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd;

/// <summary>Files that are not what they should be, samples that cannot be used, and places that cannot be written.</summary>
public sealed class DataErrorTests : IDisposable
{
    private const int Images = 24;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_idx_data_set_of_the_users_own_runs()
    {
        WriteIdx(Images, Images);

        (await HostProcess.RunAsync(_folder.Root, IdxStudy("run"))).Returned(0);

        Assert.Equal(Images / 2, RunFolder.Only(_folder.At("runs"), "small").Ids("relative").Length);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("validate")]
    public async Task A_truncated_images_file_is_refused(string command)
    {
        WriteIdx(Images, Images);
        var path = _folder.At("images.idx");
        await File.WriteAllBytesAsync(path, File.ReadAllBytes(path)[..^3], TestContext.Current.CancellationToken);

        var ended = (await HostProcess.RunAsync(_folder.Root, IdxStudy(command))).Returned(2);

        Assert.Contains($"{path}: is truncated", ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("runs")));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("validate")]
    public async Task Labels_that_do_not_match_the_images_are_refused(string command)
    {
        WriteIdx(Images, Images - 1);

        var ended = (await HostProcess.RunAsync(_folder.Root, IdxStudy(command))).Returned(2);

        Assert.Contains($"{_folder.At("images.idx")} holds 24 images, but {_folder.At("labels.idx")} holds 23 labels", ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("runs")));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("validate")]
    public async Task Images_too_small_for_the_convolutions_are_refused_with_the_size_they_need(string command)
    {
        WriteIdx(Images, Images);

        var ended = (await HostProcess.RunAsync(_folder.Root, [.. IdxStudy(command), "--set", "model={ type: cnn, kernel: 2 }"])).Returned(2);

        Assert.Contains(
            "the shape 3 x 3, but two convolutions with model.kernel: 2, each followed by 2 x 2 pooling, need an image of at least 7 x 7",
            ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("runs")));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("validate")]
    public async Task A_cnn_on_samples_that_are_no_images_is_refused(string command)
    {
        var study = CsvStudy(bad: [], maxRejectedFraction: 0.1);

        var ended = (await HostProcess.RunAsync(_folder.Root, [command, .. study[1..], "--set", "model={ type: cnn }"])).Returned(2);

        Assert.Contains("A sample of csv has the shape 2, but model.type: cnn needs images", ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("runs")));
    }

    [Fact]
    public async Task An_output_folder_that_cannot_be_written_ends_the_study_before_it_starts()
    {
        var file = _folder.Write("taken", "not a folder");

        var ended = (await HostProcess.RunAsync(_folder.Root, [.. SmallStudy.Arguments(_folder), "--output", file])).Returned(1);

        Assert.Contains("Could not create the run directory", ended.Error, StringComparison.Ordinal);
        Assert.Contains(file, ended.Error, StringComparison.Ordinal);
        Assert.Contains("--output", ended.Error, StringComparison.Ordinal);
        Assert.Equal(["small.yaml", "taken"], _folder.Names());
        Assert.Equal("not a folder", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Bad_samples_are_diverted_counted_and_shown_and_the_study_goes_on()
    {
        var ended = (await HostProcess.RunAsync(_folder.Root, CsvStudy(bad: [7, 31], maxRejectedFraction: 0.1))).Returned(0);

        Assert.Contains("Study small: completed, 2 samples rejected", ended.Output, StringComparison.Ordinal);
        var run = RunFolder.Only(_folder.At("runs"), "small");
        Assert.Equal(2, run.Description().GetProperty("rejectedSamples").GetInt64());
        Assert.Equal(58, run.Steps().Count);
        Assert.DoesNotContain("csv/7", run.Steps().Select(s => s.SampleId));
        var rejected = new List<string>();
        run.Query("SELECT position, sample_id, reason FROM rejected_samples ORDER BY position", r =>
            rejected.Add(string.Create(CultureInfo.InvariantCulture, $"{r.GetInt64(0)} {r.GetString(1)} {r.GetString(2)}")));
        Assert.Equal(["7 csv/7 non-finite-feature", "31 csv/31 non-finite-feature"], rejected);
    }

    [Fact]
    public async Task Too_many_bad_samples_end_the_study_with_the_reasons()
    {
        var ended = (await HostProcess.RunAsync(_folder.Root, CsvStudy(bad: [7, 31, 40, 41], maxRejectedFraction: 0.05))).Returned(1);

        Assert.Contains("4 of the 60 samples read are unusable", ended.Error, StringComparison.Ordinal);
        Assert.Contains("position 7 ('csv/7')", ended.Error, StringComparison.Ordinal);
        var run = RunFolder.Only(_folder.At("runs"), "small");
        Assert.Equal("failed", run.Description().GetProperty("outcome").GetString());
        Assert.Equal(4, run.Count("rejected_samples"));
        Assert.Equal(4, run.Description().GetProperty("rejectedSamples").GetInt64());
    }

    [Fact]
    public async Task A_learning_rate_that_diverges_ends_the_study_with_step_and_sample()
    {
        var ended = (await HostProcess.RunAsync(
            _folder.Root, SmallStudy.Arguments(_folder, "training={ learningRate: 1e6, passes: 20 }", "model.activation=identity"))).Returned(1);

        var run = RunFolder.Only(_folder.At("runs"), "small");
        Assert.Matches(@"The study failed: Step \d+ at sample 'mnist/\d+' \(position \d+\): The loss is ", ended.Error);
        Assert.Contains("try a smaller one", ended.Error, StringComparison.Ordinal);
        Assert.Equal("failed", run.Description().GetProperty("outcome").GetString());
        Assert.Contains("at sample 'mnist/", run.Description().GetProperty("message").GetString()!, StringComparison.Ordinal);
        Assert.Equal(System.Text.Json.JsonValueKind.String, run.Description().GetProperty("endedUtc").ValueKind);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
        Assert.Empty(ended.Output);
    }

    private static byte[] Header(params int[] values) =>
        [.. values.SelectMany(v => new[] { (byte)(v >> 24), (byte)(v >> 16), (byte)(v >> 8), (byte)v })];

    private void WriteIdx(int images, int labels)
    {
        File.WriteAllBytes(_folder.At("images.idx"), [.. Header(0x803, images, 3, 3), .. Enumerable.Range(0, images * 9).Select(i => (byte)(i * 37))]);
        File.WriteAllBytes(_folder.At("labels.idx"), [.. Header(0x801, labels), .. Enumerable.Range(0, labels).Select(i => (byte)(i % 4))]);
    }

    private string[] IdxStudy(string command)
    {
        var arguments = SmallStudy.ArgumentsOf(_folder, """
            name: small
            source: { type: idx, options: { images: images.idx, labels: labels.idx, primary: [0, 1], auxiliary: [2, 3] } }
            model: { type: mlp, hidden: [4] }
            training: { learningRate: 0.01 }
            clustering: { restarts: 2 }
            """);
        return [command, .. arguments[1..]];
    }

    private string[] CsvStudy(int[] bad, double maxRejectedFraction)
    {
        _folder.Write("points.csv", "a,b,label,kind\n" + string.Concat(Enumerable.Range(0, 60).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{(bad.Contains(i) ? "NaN" : (i % 9) / 8.0)},{(i % 5) / 4.0},{i % 2},{i % 4}\n"))));
        return SmallStudy.ArgumentsOf(
            _folder,
            """
            name: small
            source: { type: csv, options: { file: points.csv, classColumn: kind } }
            model: { type: mlp, hidden: [4] }
            training: { learningRate: 0.01 }
            clustering: { restarts: 2 }
            """,
            string.Create(CultureInfo.InvariantCulture, $"source.maxRejectedFraction={maxRejectedFraction}"));
    }
}

using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd;

/// <summary>What is wrong before anything starts: exit code 2, a message, and nothing created.</summary>
public sealed class UsageErrorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> ReadyStudies =>
        [.. Directory.GetFiles(Repository.At("configs"), "*.yaml").Select(f => Path.GetFileName(f)).Where(f => !f.StartsWith("cifar10", StringComparison.Ordinal))];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("frobnicate", "frobnicate")]
    [InlineData("run small.yaml --frobnicate", "--frobnicate")]
    [InlineData("run", "study")]
    [InlineData("run small.yaml --device tpu", "tpu")]
    public async Task A_command_line_that_is_wrong_is_refused_with_what_was_wrong(string arguments, string named)
    {
        _folder.Write("small.yaml", SmallStudy.Text);

        await RefusedAsync(arguments.Split(' '), named);
    }

    [Fact]
    public async Task A_misspelt_key_is_shown_with_its_place_and_a_suggestion()
    {
        var study = _folder.Write("small.yaml", SmallStudy.Text.Replace("hidden:", "hiden:", StringComparison.Ordinal));

        foreach (var command in new[] { "run", "validate" })
        {
            var error = await RefusedAsync([command, study], $"{study}:6:21: model.hiden: unknown key, did you mean hidden?");
            Assert.Contains("nothing was started", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task All_errors_are_shown_at_once()
    {
        var study = _folder.Write("small.yaml", """
            name: small
            seed: one
            source: { type: mnst }
            model: { type: mlp, hidden: [0] }
            training: { learningRate: -1, pases: 2 }
            """);

        var error = await RefusedAsync(["run", study], "errors; nothing was started.");

        foreach (var place in new[] { ":2:7: seed:", ":3:17: source.type:", ":4:30: model.hidden", ":5:27: training.learningRate:", ":5:31: training.pases:" })
            Assert.Contains(study + place, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.hiden=[64]", "model.hiden")]
    [InlineData("model.hidden=many", "model.hidden")]
    [InlineData("model.hidden", "--set")]
    [InlineData("source.options.primary=[eleven]", "eleven")]
    public async Task An_override_that_is_wrong_is_refused_with_what_was_wrong(string replaced, string named) =>
        await RefusedAsync(SmallStudy.Arguments(_folder, replaced), named);

    [Fact]
    public async Task A_missing_study_file_is_named() => await RefusedAsync(["run", "absent.yaml"], "absent.yaml");

    [Theory]
    [InlineData("run")]
    [InlineData("validate")]
    public async Task A_ready_study_without_its_data_says_which_file_is_missing_and_where_to_get_it(string command)
    {
        // A copy: where somebody has fetched the data, the original runs.
        var study = _folder.Write(
            "cifar10-car-v-cat.yaml", await File.ReadAllTextAsync(Repository.At("configs/cifar10-car-v-cat.yaml"), TestContext.Current.CancellationToken));

        var error = await RefusedAsync([command, study, "--set", "source.options.folder=absent"], _folder.At("absent/data_batch_1.bin"));

        Assert.Contains("cifar-10-binary.tar.gz", error, StringComparison.Ordinal);
        Assert.Contains("https://", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_data_file_is_named() => await RefusedAsync(
        SmallStudy.Arguments(_folder, "source={ type: idx, options: { images: pictures.idx, labels: digits.idx } }"), _folder.At("digits.idx"));

    [Theory]
    [MemberData(nameof(ReadyStudies))]
    public async Task Every_ready_study_whose_data_is_here_is_valid(string file)
    {
        var ended = (await HostProcess.RunAsync(_folder.Root, "validate", Repository.At($"configs/{file}"))).Returned(0);

        Assert.StartsWith($"{Path.GetFileNameWithoutExtension(file)}: valid; ", ended.Output, StringComparison.Ordinal);
        Assert.Empty(ended.Error);
    }

    [Fact]
    public async Task A_device_that_is_not_there_is_refused()
    {
        Assert.SkipWhen(File.Exists("/dev/nvidiactl"), "NOT TESTED: this machine has a CUDA device.");

        await RefusedAsync([.. SmallStudy.Arguments(_folder), "--device", "cuda"], "no CUDA device");
    }

    private async Task<string> RefusedAsync(string[] arguments, string named)
    {
        var before = _folder.Names().ToArray();
        var ended = (await HostProcess.RunAsync(_folder.Root, arguments)).Returned(2);
        Assert.Contains(named, ended.Error, StringComparison.Ordinal);
        Assert.Empty(_folder.Names().Except(before));
        return ended.Error;
    }
}

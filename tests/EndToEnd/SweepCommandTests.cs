using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd;

/// <summary><c>elasticity sweep</c> on the weights of a run, and the tangent kernel beside sweeps, against plain float64 loops.</summary>
public sealed class SweepCommandTests : IDisposable
{
    // The kernel is float32 in its products.
    private const double KernelTolerance = 1e-6;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("relu", "mse", "final")]
    [InlineData("relu", "mse", "initial", "training.pretraining={ epochs: 2, batchSize: 10 }")]
    [InlineData("tanh", "bce-probability", "final", "model.hidden=[12, 8]", "model.activation=tanh", "training.loss=bce")]
    [InlineData("sigmoid", "bce-logit", "final", "model.activation=sigmoid", "model.bias=false", "training={ loss: bce, prediction: logit, learningRate: 0.02 }")]
    public async Task A_sweep_of_saved_weights_is_what_plain_loops_find(string activation, string loss, string weights, params string[] replaced)
    {
        var run = await SmallStudy.RunAsync(_folder, replaced);
        var before = Hashes(run);

        var (sweep, ended) = await SweepAsync(run, "--weights", weights);

        Assert.Equal(before, Hashes(run));
        Assert.Equal(Parameters(run, weights), Parameters(sweep, "final"));
        Assert.Equal(run.Ids("kernelized"), sweep.Ids("kernelized"));
        new Rerun(sweep, activation, new PlainLoss(loss), id => MnistImages.Features(id), Label).CompareFrozen();
        CompareKernel(sweep, activation, loss, id => MnistImages.Features(id), Label, ended.Output);
        Assert.Equal(0, sweep.Count("steps"));
        Assert.Equal(2, sweep.Count("clusterings"));
        Assert.Contains($"directory: {_folder.At("runs")}\n", File.ReadAllText(sweep.At("study.yaml")), StringComparison.Ordinal);
        var origin = sweep.Description().GetProperty("sweepOf");
        Assert.Equal(run.Root, origin.GetProperty("run").GetString());
        Assert.Equal(weights, origin.GetProperty("weights").GetString());
        Assert.Equal("completed", sweep.Description().GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData("model.hidden=[16]")]
    [InlineData("model.hidden=[300]", "source.options.auxiliary=[]")]
    [InlineData("model.hidden=[12, 8]")]
    public async Task A_sweep_at_a_checkpoint_is_one_at_the_weights_of_its_step(params string[] replaced)
    {
        var run = await SmallStudy.RunAsync(_folder, [.. replaced, "checkpoint={ everySteps: 30, keep: 9 }", "sweep.every=30", "training.learningRate=auto", "training.passes=2"]);
        var steps = run.Description().GetProperty("main").GetProperty("steps").GetInt64();

        var sweep = await SweepAtAsync(run, "step-32");
        var last = await SweepAtAsync(run, $"step-{steps}");
        var final = await SweepAtAsync(run, "final");

        Assert.Equal(run.Npy("similarity/sweeps/step-000000032-ntk.npy").Doubles(), sweep.Npy("similarity/ntk.npy").Doubles());
        Assert.Equal(Parameters(run, "final"), Parameters(last, "final"));
        Assert.Equal(final.Npy("similarity/kernelized.npy").Doubles(), last.Npy("similarity/kernelized.npy").Doubles());
        Assert.Equal(Rate(run, "main"), Rate(sweep, "main"));
    }

    [Fact]
    public async Task A_checkpoint_that_is_not_there_is_named_with_those_that_are()
    {
        var run = await SmallStudy.RunAsync(_folder);
        var ended = await HostProcess.RunAsync(_folder.Root, "sweep", run.Root, "--weights", "step-7");
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("The run has step-100.", ended.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing was started.", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_models_of_a_run_are_swept_at_the_rates_that_it_chose_and_the_kernel_is_that_of_its_last_sweep()
    {
        var run = await SmallStudy.RunAsync(_folder, "contrast={ activation: identity }", "sweep.every=50", "training.learningRate=auto");

        var (sweep, _) = await SweepAsync(run);

        foreach (var (model, of) in new[] { ("main", run), ("contrast", run.Contrast) })
        {
            Assert.Equal(Rate(run, model), Rate(sweep, model));
            var swept = model == "main" ? sweep : sweep.Contrast;
            Assert.Equal(of.Npy("similarity/sweeps/step-000000100-ntk.npy").Doubles(), swept.Npy("similarity/ntk.npy").Doubles());
            Assert.False(File.Exists(of.At("similarity/ntk.npy")), "It would be taken for the limit of rows at other weights.");
            Assert.Equal(2, of.Count("kernel_distances"));
            Assert.Equal(1, swept.Count("kernel_distances"));
        }
    }

    [Fact]
    public async Task A_study_asked_to_has_no_kernel_and_one_by_the_sweep_protocol_has_it()
    {
        var with = await SmallStudy.RunAsync(_folder, "training.protocol=sweep");

        var without = await HostProcess.RunAsync(
            _folder.Root, SmallStudy.Arguments(_folder, "training.protocol=sweep", "sweep.ntk=false", "output.directory=without"));
        without.Returned(0);

        CompareKernel(with, "relu", "mse", id => MnistImages.Features(id), Label, output: null);
        var run = RunFolder.Only(_folder.At("without"), "small");
        Assert.Equal(0, run.Count("kernel_distances"));
        Assert.DoesNotContain("NTK", without.Output, StringComparison.Ordinal);
        Assert.Equal(RunFolder.SimilarityFiles, run.Names("similarity"));
        Assert.Equal(with.Matrix("kernelized"), run.Matrix("kernelized"));
    }

    [Fact]
    public async Task A_classifier_is_swept_at_another_rate_from_another_folder_into_another_one()
    {
        var points = Enumerable.Range(0, 30).Select(i => (
            X: new double[] { new[] { 4, 0, -4 }[i % 3] + (((i * 7) % 11) / 8.0), new[] { 0, 4, -4 }[i % 3] + (((i * 5) % 13) / 8.0) }, Label: i % 3)).ToArray();
        _folder.Write("clouds.csv", "a,b,kind\n" + string.Concat(points.Select(p =>
            string.Create(CultureInfo.InvariantCulture, $"{p.X[0]},{p.X[1]},{"xyz"[p.Label]}\n"))));
        var arguments = SmallStudy.ArgumentsOf(
            _folder,
            """
            name: small
            source: { type: csv, options: { file: clouds.csv, labelColumn: kind, target: class } }
            model: { type: mlp, hidden: [10, 6], activation: tanh, outputs: 3 }
            training: { loss: cross-entropy, learningRate: 0.05, passes: 2 }
            clustering: { restarts: 4 }
            """);
        (await HostProcess.RunAsync(_folder.Root, arguments)).Returned(0);
        var run = RunFolder.Only(_folder.At("runs"), "small");
        using var elsewhere = new TemporaryFolder();

        var ended = (await HostProcess.RunAsync(
            elsewhere.Root, "sweep", run.Root, "--learning-rate", "1e-5", "--output", elsewhere.At("swept"), "--device", "cpu")).Returned(0);

        var sweep = RunFolder.Only(elsewhere.At("swept"), "small");
        Assert.EndsWith("-sweep", sweep.Root, StringComparison.Ordinal);
        Assert.Equal(1e-5, Rate(sweep, "main"));
        new Rerun(sweep, "tanh", new PlainLoss("cross-entropy"), Features, id => points[Row(id)].Label).CompareFrozen();
        var distance = CompareKernel(sweep, "tanh", "cross-entropy", Features, id => points[Row(id)].Label, ended.Output);
        Assert.InRange(distance, 1e-9, 1e-4);

        double[] Features(string id) => points[Row(id)].X;
    }

    [Fact]
    public async Task Whatever_is_not_the_folder_of_a_run_is_refused()
    {
        Directory.CreateDirectory(_folder.At("empty"));
        _folder.Write("file", "");

        await RefusedAsync("run.json", "sweep", _folder.At("absent"));
        await RefusedAsync("is not the folder of a run", "sweep", _folder.At("empty"));
        await RefusedAsync("is not the folder of a run", "sweep", _folder.At("file"));
        await RefusedAsync("middle", "sweep", _folder.At("empty"), "--weights", "middle");
        foreach (var rate in new[] { "0", "-1", "much", "nan", "1e999" })
            await RefusedAsync($"expected a number greater than 0, or auto, found {rate}", "sweep", _folder.At("empty"), "--learning-rate", rate);
    }

    [Fact]
    public async Task Whatever_is_missing_or_damaged_in_a_run_is_named_and_nothing_is_written()
    {
        var run = await SmallStudy.RunAsync(_folder);
        var (weight, final) = (run.At("weights/final/layer1.weight.npy"), run.At("weights/final"));
        var whole = await File.ReadAllBytesAsync(weight, TestContext.Current.CancellationToken);
        var study = await File.ReadAllTextAsync(run.At("study.yaml"), TestContext.Current.CancellationToken);
        var description = await File.ReadAllTextAsync(run.At("run.json"), TestContext.Current.CancellationToken);

        await With(weight, whole[..^9], $"'{weight}' is not a complete .npy file");
        await With(weight, [.. whole[..64], .. whole[65..]], weight);
        await With(weight, [.. "PK"u8, .. whole[2..]], $"'{weight}' is not a .npy file");
        await With(run.At("weights/final/layer3.bias.npy"), whole, "layer3.bias.npy' is no parameter of the study's network, 784-16-1 relu");
        await With(run.At("study.yaml"), Encoding.UTF8.GetBytes(study.Replace("hidden: [16]", "hidden: [17]", StringComparison.Ordinal)), $"'{weight}' has the shape 16 x 784, but the study's network, 784-17-1 relu, has 17 x 784 there");
        await With(run.At("study.yaml"), Encoding.UTF8.GetBytes(study.Replace("hidden: [16]", "hidden: [16, 4]", StringComparison.Ordinal)), "layer2.weight.npy");
        await With(run.At("study.yaml"), Encoding.UTF8.GetBytes(study.Replace("hidden:", "hiden:", StringComparison.Ordinal)), "did you mean hidden?");
        await With(run.At("run.json"), Encoding.UTF8.GetBytes(description[..^20]), "run.json");
        await With(run.At("run.json"), Encoding.UTF8.GetBytes(description.Replace("\"studyFile\": \"", "\"studyFile\": null, \"was\": \"", StringComparison.Ordinal)), "study file");

        File.Move(weight, $"{weight}.away");
        await RefusedAsync($"'{weight}' is missing", "sweep", run.Root);
        Directory.Delete(final, recursive: true);
        await RefusedAsync($"'{final}' holds no weights", "sweep", run.Root);

        async Task With(string file, byte[] content, string named)
        {
            var before = File.Exists(file) ? File.ReadAllBytes(file) : null;
            File.WriteAllBytes(file, content);
            await RefusedAsync(named, "sweep", run.Root);
            if (before is null)
                File.Delete(file);
            else
                File.WriteAllBytes(file, before);
        }
    }

    private async Task RefusedAsync(string named, params string[] arguments)
    {
        var before = Directory.GetFileSystemEntries(_folder.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        var ended = (await HostProcess.RunAsync(_folder.Root, arguments)).Returned(2);
        Assert.Contains(named, ended.Error, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
    }

    // Sweeps a run, and returns the new folder beside it.
    private async Task<(RunFolder Sweep, HostRun Ended)> SweepAsync(RunFolder run, params string[] options)
    {
        var ended = (await HostProcess.RunAsync(_folder.Root, ["sweep", run.Root, .. options])).Returned(0);
        return (new RunFolder(Assert.Single(Directory.GetDirectories(Path.GetDirectoryName(run.Root)!), d => d != run.Root)), ended);
    }

    private async Task<RunFolder> SweepAtAsync(RunFolder run, string weights)
    {
        (await HostProcess.RunAsync(_folder.Root, "sweep", run.Root, "--weights", weights, "--output", _folder.At(weights))).Returned(0);
        return RunFolder.Only(_folder.At(weights), "small");
    }

    // The kernel, and how far the matrix is from it; returns that distance.
    private static double CompareKernel(
        RunFolder run, string activation, string loss, Func<string, double[]> features, Func<string, double> label, string? output)
    {
        var ids = run.Ids("kernelized");
        var expected = new PlainProbe(new PlainLoss(loss), 1, [.. ids.Select(features)])
            .TangentKernel(PlainNetwork.Load(run, "final", activation), i => label(ids[i]));
        var kernel = run.Npy("similarity/ntk.npy");
        Assert.Equal([ids.Length, ids.Length], kernel.Shape);
        for (var i = 0; i < ids.Length; i++)
            Close.Row(expected[i], kernel.Doubles().AsSpan(i * ids.Length, ids.Length), KernelTolerance, $"Row {i} of the kernel");

        var rows = run.Matrix("kernelized").Chunk(ids.Length).Zip(kernel.Doubles().Chunk(ids.Length)).ToArray();
        var distance = Norm(rows.SelectMany(r => r.First.Zip(r.Second, (s, k) => s - k))) / Norm(kernel.Doubles());
        run.Query("SELECT step, rows, frobenius, largest_row FROM kernel_distances", r =>
        {
            Assert.Equal(0, r.GetInt64(0));
            Assert.Equal(ids.Length, r.GetInt32(1));
            Close.To(distance, r.GetDouble(2), 1e-9, "The relative distance", scale: 0);
            Close.To(rows.Max(p => Norm(p.First.Zip(p.Second, (s, k) => s - k)) / Norm(p.Second)), r.GetDouble(3), 1e-9, "That of the farthest row", scale: 0);
        });
        Assert.Equal(1, run.Count("kernel_distances"));
        if (output is not null)
        {
            Assert.Contains(
                string.Create(CultureInfo.InvariantCulture, $"{activation}: S_ker and the NTK differ by {distance:0.0e-0} (relative Frobenius)."),
                output, StringComparison.Ordinal);
        }

        return distance;
    }

    private static Dictionary<string, string> Hashes(RunFolder run) => Directory.GetFiles(run.Root, "*", SearchOption.AllDirectories)
        .ToDictionary(f => f, f => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f))));

    private static double[] Parameters(RunFolder run, string weights) => [.. PlainNetwork.Load(run, weights, "relu").Parameters()];

    private static double Rate(RunFolder run, string model) => run.Description().GetProperty(model).GetProperty("learningRate").GetDouble();

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(v => v * v));

    private static int Row(string id) => int.Parse(id.AsSpan("csv/".Length), CultureInfo.InvariantCulture);

    private static double Label(string id) => MnistImages.Digit(id) is 5 or 9 ? 1 : 0;
}

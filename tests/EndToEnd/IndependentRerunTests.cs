using System.Globalization;
using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd;

/// <summary>Whole studies, repeated in plain float64 loops from what they wrote down.</summary>
public sealed class IndependentRerunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("relu", "mse")]
    [InlineData("relu", "mse", "training.shuffle=false", "probe.blockSize=7", "probe.evaluators=3")]
    [InlineData("leaky-relu", "mse", "model.activation=leaky-relu", "probe.engine=full-forward")]
    [InlineData("tanh", "bce-probability", "model.hidden=[12, 8]", "model.activation=tanh", "training.loss=bce")]
    [InlineData(
        "sigmoid", "bce-logit", "model.activation=sigmoid", "model.bias=false", "training.loss=bce", "training.prediction=logit", "training.learningRate=0.02")]
    public async Task A_study_of_one_pass_is_what_plain_loops_find(string activation, string loss, params string[] replaced)
    {
        var run = await SmallStudy.RunAsync(_folder, replaced);

        new Rerun(run, activation, new PlainLoss(loss), id => MnistImages.Features(id), Label).Compare();
    }

    [Fact]
    public async Task The_mean_of_rows_is_what_plain_loops_find_and_so_are_the_sweeps_meanwhile()
    {
        var run = await SmallStudy.RunAsync(_folder, "training.passes=3", "similarity.rows=mean", "sweep.every=64");

        var rerun = new Rerun(run, "relu", new PlainLoss("mse"), id => MnistImages.Features(id), Label)
        {
            Update = (earlier, next, count) => ((earlier * count) + next) / (count + 1),
        };
        rerun.Compare();
        Assert.Equal(4, rerun.SweepsCompared);
    }

    [Fact]
    public async Task The_weighted_average_of_rows_is_what_plain_loops_find()
    {
        var run = await SmallStudy.RunAsync(_folder, "training.passes=3", "similarity={ rows: ewma, ewmaWeight: 0.25 }");

        new Rerun(run, "relu", new PlainLoss("mse"), id => MnistImages.Features(id), Label)
        {
            Update = (earlier, next, _) => (0.75 * earlier) + (0.25 * next),
        }.Compare();
    }

    [Fact]
    public async Task Class_pairs_are_the_means_that_plain_loops_find()
    {
        var run = await SmallStudy.RunAsync(_folder, "output.recordEvery=50");

        var rerun = new Rerun(run, "relu", new PlainLoss("mse"), id => MnistImages.Features(id), Label);
        rerun.Compare();
        var ids = run.Ids("kernelized");
        var intervals = new[] { (Start: 0, End: 64), (Start: 64, End: 100) };
        var seen = 0;
        run.Query("SELECT step, measure, from_class, to_class, mean, count FROM class_pairs", r =>
        {
            var (start, end) = Assert.Single(intervals, i => i.End == r.GetInt64(0));
            var values = (
                from row in rerun.Rows[start..end]
                where row.Step.Class == r.GetString(2)
                from entry in (r.GetString(1) == "relative" ? row.Relative : row.Kernelized).Index()
                where ids[entry.Index] != row.Step.SampleId && MnistImages.Digit(ids[entry.Index]).ToString(CultureInfo.InvariantCulture) == r.GetString(3)
                select entry.Item).ToArray();
            Assert.Equal(values.Length, r.GetInt64(5));
            Close.To(values.Average(), r.GetDouble(4), 1e-5, $"Class pair {r.GetString(2)}, {r.GetString(3)}");
            seen++;
        });
        Assert.Equal(2 * 2 * 4 * 2, seen);
    }

    [Fact]
    public async Task Probes_held_out_of_training_get_the_rows_of_the_last_sweep()
    {
        var run = await SmallStudy.RunAsync(_folder, "probe.heldOut=true", "probe.count=20", "sweep.every=32");

        var ids = run.Ids("kernelized");
        Assert.Equal(20, ids.Length);
        Assert.Equal([10, 10], ids.CountBy(MnistImages.Digit).Select(c => c.Value));
        Assert.Equal(80, run.Steps().Count);
        Assert.Empty(run.Steps().Select(s => s.SampleId).Intersect(ids));
        var rerun = new Rerun(run, "relu", new PlainLoss("mse"), id => MnistImages.Features(id), Label) { RowsFromSweeps = true };
        rerun.Compare();
        Assert.Equal(2, rerun.SweepsCompared);
        Assert.True(run.Count("class_pairs") > 0);
    }

    [Fact]
    public async Task The_sweep_protocol_takes_every_row_at_the_pretrained_weights()
    {
        var run = await SmallStudy.RunAsync(
            _folder, "training.protocol=sweep", "training.pretraining={ epochs: 5, batchSize: 10, learningRate: 0.01 }");

        Assert.Equal(0, run.Count("steps"));
        Assert.NotEqual(
            PlainNetwork.Load(run, "initial", "relu").Parameters().ToArray(), PlainNetwork.Load(run, "final", "relu").Parameters().ToArray());
        new Rerun(run, "relu", new PlainLoss("mse"), id => MnistImages.Features(id), Label).CompareFrozen();
    }

    [Fact]
    public async Task A_linear_model_has_the_kernel_of_its_inputs_and_the_automatic_rate_that_follows_from_it()
    {
        var run = await SmallStudy.RunAsync(
            _folder, "model={ type: linear }", "source.options.scaling=unit", "training.learningRate=auto", "training.passes=2");

        var ids = run.Ids("kernelized");
        var inputs = Array.ConvertAll(ids, id => MnistImages.Features(id, symmetric: false));
        var kernel = (from a in inputs from b in inputs select a.Zip(b, (p, q) => p * q).Sum() + 1).ToArray();
        var matrix = run.Matrix("kernelized");
        for (var k = 0; k < kernel.Length; k++)
            Close.To(kernel[k], matrix[k], 1e-6, $"Kernel entry {k}");
        var diagonal = Enumerable.Range(0, ids.Length).Average(i => kernel[(i * ids.Length) + i]);
        Close.To(0.5 / diagonal, run.Description().GetProperty("main").GetProperty("learningRate").GetDouble(), 1e-6, "The learning rate");
        new Rerun(run, "identity", new PlainLoss("mse"), id => MnistImages.Features(id, symmetric: false), Label).Compare();
    }

    [Fact]
    public async Task A_classifier_of_a_csv_file_is_what_plain_loops_find()
    {
        // Three clouds around (4, 0), (0, 4) and (-4, -4), on a grid so that the text is exact.
        var points = Enumerable.Range(0, 60).Select(i => (
            X: new double[] { new[] { 4, 0, -4 }[i % 3] + (((i * 7) % 11) / 8.0), new[] { 0, 4, -4 }[i % 3] + (((i * 5) % 13) / 8.0), (i % 4) / 4.0 },
            Label: i % 3)).ToArray();
        _folder.Write("clouds.csv", "a,b,c,kind\n" + string.Concat(points.Select(p =>
            string.Create(CultureInfo.InvariantCulture, $"{p.X[0]},{p.X[1]},{p.X[2]},{"xyz"[p.Label]}\n"))));
        var arguments = SmallStudy.ArgumentsOf(
            _folder,
            """
            name: small
            source: { type: csv, options: { file: clouds.csv, labelColumn: kind, target: class } }
            model: { type: mlp, hidden: [10], activation: tanh, outputs: 3 }
            training: { loss: cross-entropy, learningRate: 0.05, passes: 2 }
            clustering: { restarts: 4 }
            """);

        var ended = (await HostProcess.RunAsync(_folder.Root, arguments)).Returned(0);

        Assert.Contains("features (control)", ended.Output, StringComparison.Ordinal);
        var run = RunFolder.Only(_folder.At("runs"), "small");
        Assert.Equal(60, run.Ids("relative").Length);
        Assert.Equal(["x", "y", "z"], run.Npy("similarity/relative-classes.npy").Strings().Distinct());
        new Rerun(run, "tanh", new PlainLoss("cross-entropy"), id => points[Row(id)].X, id => points[Row(id)].Label).Compare();
    }

    private static int Row(string id) => int.Parse(id.AsSpan("csv/".Length), CultureInfo.InvariantCulture);

    private static double Label(string id) => MnistImages.Digit(id) is 5 or 9 ? 1 : 0;
}

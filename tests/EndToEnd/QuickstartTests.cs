using System.Globalization;
using System.Text.RegularExpressions;
using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd;

/// <summary>The main job, from the quickstart to its files.</summary>
public sealed partial class QuickstartTests(QuickstartFixture quickstart) : IClassFixture<QuickstartFixture>
{
    private const int ProbeCount = 1000;
    private const int Passes = 10;
    private const int StepCount = 20_000;

    public static readonly TheoryData<string> Models = ["", "contrast"];

    private RunFolder Run => quickstart.Run;

    [Theory]
    [InlineData("relative")]
    [InlineData("kernelized")]
    public void The_printed_index_is_that_of_the_saved_matrix_beside_that_of_the_pixels(string measure)
    {
        var ids = Run.Ids(measure);
        var row = Assert.Single(quickstart.Table("Elasticity"), r => r[0] == measure && r[1] == "relu");
        var (index, same, different) = Contrast(Run.Matrix(measure), ids);
        var (reference, _, _) = Contrast(PixelSimilarity(measure, ids), ids);

        Assert.Equal(
            [
                measure, "relu", index.ToString("F3", CultureInfo.InvariantCulture), reference.ToString("F3", CultureInfo.InvariantCulture),
                same.ToString("G4", CultureInfo.InvariantCulture), different.ToString("G4", CultureInfo.InvariantCulture), "1,000/1,000", "0",
            ],
            row);
        Assert.True(index > reference + 0.05, "The ReLU network is locally elastic beyond what the linear model shows.");
    }

    [Theory]
    [InlineData("relative", "kmeans")]
    [InlineData("kernelized", "kernel-kmeans")]
    public void The_printed_clusterings_stand_beside_the_contrast_and_the_control_with_their_spread(string measure, string method)
    {
        var rows = quickstart.Table("Clustering").Where(r => r[0] == measure && r[1] == method).ToDictionary(r => r[2], r => Numbers(r[3..]));

        Assert.Equal(["relu", "identity (contrast)", "pixels (control)"], rows.Keys);
        foreach (var numbers in rows.Values)
        {
            Assert.Equal(6, numbers.Length);
            Assert.InRange(numbers[0], numbers[3], numbers[5]);
            Assert.InRange(numbers[4], numbers[3], numbers[5]);
            Assert.InRange(numbers[1], -1, 1);
            Assert.InRange(numbers[2], 0, 1);
        }

        Assert.True(rows["relu"][0] >= 90, $"Accuracy {rows["relu"][0]} %, expected at least 90 %.");
        Assert.True(rows["pixels (control)"][0] < 75, $"Control {rows["pixels (control)"][0]} %, expected less than 75 %.");
        Assert.True(rows["relu"][0] > rows["identity (contrast)"][0]);
    }

    [Fact]
    public void The_table_shows_both_models_with_rates_of_their_own()
    {
        var rows = quickstart.Table("Training");

        Assert.Equal(["relu", "784-256-1 relu", "0.006", "given", "20,000"], rows[0][..5]);
        Assert.Equal(["identity (contrast)", "784-256-1 identity"], rows[1][..2]);
        Assert.StartsWith("auto: 0.5 / mean K_ii, which is ", rows[1][3], StringComparison.Ordinal);
        var diagonal = double.Parse(rows[1][3].Split(' ')[^1], CultureInfo.InvariantCulture);
        Close.To(0.5 / diagonal, double.Parse(rows[1][2], CultureInfo.InvariantCulture), 2e-3, "The contrast's rate");
        Assert.Equal(
            ["relative, identity (contrast)", "kernelized, identity (contrast)"],
            quickstart.Table("Elasticity").Where(r => r[1] != "relu").Select(r => $"{r[0]}, {r[1]}"));
    }

    [Fact]
    public void The_table_says_how_it_ended_and_names_files_that_are_there()
    {
        Assert.StartsWith("Study quickstart: completed, no sample rejected\n", quickstart.Ended.Output, StringComparison.Ordinal);
        var paths = quickstart.Ended.Output.Split("\nFiles\n")[1].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim().Split("  ")[^1].Trim()).ToArray();
        Assert.Equal(5, paths.Length);
        Assert.All(paths, p => Assert.True(Path.Exists(Path.Combine(quickstart.Folder, p)), p));
    }

    [Fact]
    public void Standard_error_says_where_metrics_are_and_holds_progress_lines_in_the_order_of_time()
    {
        var lines = quickstart.Ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Matches(@"^Live page at (http://127\.0\.0\.1:\d+/)(, since port 9464 is taken)?\. For Prometheus: \1metrics$", lines[0]);
        lines = lines[1..];
        Assert.All(lines, l => Assert.Matches(ProgressLine(), l));
        var times = lines.Select(l => TimeSpan.Parse(l.Split(' ')[0], CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(times.Order(), times);
        foreach (var phase in new[] { "training  relu", "training  identity" })
            Assert.Contains(lines, l => l.Contains(phase, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_saved_study_is_valid_and_resolves_to_itself()
    {
        var saved = Run.At("study.yaml");

        var validated = await HostProcess.RunAsync(quickstart.Folder, "validate", saved);

        Assert.Equal("quickstart: valid; 2,000 samples of 784 features, classes 5, 9, 4, 8.\n", validated.Returned(0).Output);
        var text = await File.ReadAllTextAsync(saved, TestContext.Current.CancellationToken);
        foreach (var value in new[] { "learningRate: 0.006", "passes: 10", "hidden: [256]", "scaling: symmetric", "rows: latest", "every: 2000" })
            Assert.Contains(value, text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_description_tells_what_ran_on_what_and_how_it_ended()
    {
        var description = Run.Description();

        Assert.Equal("quickstart", description.GetProperty("study").GetString());
        Assert.Equal(Path.GetFileName(Run.Root), description.GetProperty("run").GetString());
        Assert.Equal("completed", description.GetProperty("outcome").GetString());
        Assert.Equal(1, description.GetProperty("seed").GetInt64());
        Assert.True(description.GetProperty("startedUtc").GetDateTimeOffset() < description.GetProperty("endedUtc").GetDateTimeOffset());
        Assert.Equal("run", description.GetProperty("commandLine")[1].GetString());
        foreach (var model in new[] { "main", "contrast" }.Select(m => description.GetProperty(m)))
        {
            Assert.Equal("cpu", model.GetProperty("device").GetString());
            Assert.Equal("rank-one", model.GetProperty("engine").GetString());
            Assert.Equal("probes float32, trainer float64", model.GetProperty("dtype").GetString());
            Assert.Equal(StepCount, model.GetProperty("steps").GetInt32());
            Assert.Equal("auto: one hidden layer", model.GetProperty("engineReason").GetString());
            foreach (var measure in new[] { "relative", "kernelized" })
                Assert.Equal(0, model.GetProperty("degenerateRows").GetProperty(measure).GetInt32());
        }

        Assert.Equal(0.006, description.GetProperty("main").GetProperty("learningRate").GetDouble());
        var rate = description.GetProperty("contrast").GetProperty("learningRate").GetDouble();
        Assert.Equal(rate.ToString("G4", CultureInfo.InvariantCulture), quickstart.Table("Training")[1][2]);
        Assert.All(description.GetProperty("versions").EnumerateObject(), v => Assert.False(string.IsNullOrEmpty(v.Value.GetString())));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_database_holds_every_step_and_each_sample_once_a_pass(string model)
    {
        var run = new RunFolder(Run.At(model));
        var steps = run.Steps();

        Assert.Equal(Enumerable.Range(0, StepCount).Select(s => (long)s), steps.Select(s => s.Step));
        var all = new[] { 5, 9, 4, 8 }.SelectMany(d => MnistImages.First(d, 500)).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(Passes, steps.Select(s => s.Pass).Distinct().Count());
        Assert.All(steps.GroupBy(s => s.Pass), p => Assert.Equal(all, p.Select(s => s.SampleId).Order(StringComparer.Ordinal)));
        Assert.NotEqual(steps.Take(2000).Select(s => s.SampleId), steps.Skip(2000).Take(2000).Select(s => s.SampleId));
        Assert.All(steps, s => Assert.Equal(MnistImages.Digit(s.SampleId).ToString(CultureInfo.InvariantCulture), s.Class));
        Assert.All(steps, s => Assert.Equal(s.Class is "5" or "9" ? "primary" : "auxiliary", s.Role));
        Assert.Equal(2 * StepCount / 100, run.Count("elasticity_index"));
        Assert.Equal(2 * 8 * StepCount / 100, run.Count("class_pairs"));
        Assert.Equal(2 * ((StepCount / 2000) + 1), run.Count("clusterings"));
        Assert.Equal(0, run.Count("rejected_samples"));
        var meta = new List<string>();
        run.Query("SELECT key FROM meta ORDER BY key", r => meta.Add(r.GetString(0)));
        Assert.Equal(["flushes", "schema_version", "written_by"], meta);
        Assert.Equal(3, run.Count("events"));
    }

    [Fact]
    public void Both_models_saw_the_samples_in_the_same_order() =>
        Assert.Equal(Run.Steps().Select(s => s.SampleId), Run.Contrast.Steps().Select(s => s.SampleId));

    [Fact]
    public void The_final_rows_of_the_database_are_what_the_table_shows()
    {
        Run.Query(
            "SELECT measure, elasticity_index, reference FROM elasticity_index WHERE step = 20000",
            r => Assert.Equal(
                [r.GetDouble(1).ToString("F3", CultureInfo.InvariantCulture), r.GetDouble(2).ToString("F3", CultureInfo.InvariantCulture)],
                Assert.Single(quickstart.Table("Elasticity"), t => t[0] == r.GetString(0) && t[1] == "relu")[2..4]));
        var finals = 0;
        Run.Query("SELECT method, accuracy, control_accuracy, restarts, cluster_sizes FROM clusterings WHERE is_final = 1", r =>
        {
            finals++;
            Assert.Equal(PrintedAccuracy(r.GetString(0), "relu"), (100 * r.GetDouble(1)).ToString("F1", CultureInfo.InvariantCulture));
            Assert.Equal(PrintedAccuracy(r.GetString(0), "pixels (control)"), (100 * r.GetDouble(2)).ToString("F1", CultureInfo.InvariantCulture));
            Assert.Equal(20, r.GetInt64(3));
            Assert.Equal(ProbeCount, r.GetString(4).Trim('[', ']').Split(',').Sum(n => int.Parse(n, CultureInfo.InvariantCulture)));
        });
        Assert.Equal(2, finals);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_similarity_files_are_complete_and_belong_together(string model)
    {
        var run = new RunFolder(Run.At(model));

        Assert.Equal(RunFolder.SimilarityFiles, run.Names("similarity"));
        var probes = MnistImages.First(5, 500).Concat(MnistImages.First(9, 500)).ToHashSet();
        foreach (var measure in new[] { "relative", "kernelized" })
        {
            var ids = run.Ids(measure);
            var matrix = run.Matrix(measure);
            Assert.Equal([ProbeCount, ProbeCount], run.Npy($"similarity/{measure}.npy").Shape);
            Assert.Equal(probes, [.. ids]);
            Assert.Equal(ids.Select(i => MnistImages.Digit(i).ToString(CultureInfo.InvariantCulture)), run.Npy($"similarity/{measure}-classes.npy").Strings());
            Assert.All(run.Npy($"similarity/{measure}-labels.npy").Doubles(), l => Assert.Equal(1, l));
            Assert.All(run.Npy($"similarity/{measure}-counts.npy").Longs(), c => Assert.Equal(Passes, c));
            Assert.True(matrix.All(double.IsFinite));
            var symmetric = run.Npy($"similarity/{measure}-symmetric.npy").Doubles();
            var wrong = 0;
            for (var i = 0; i < ProbeCount; i++)
            {
                for (var j = 0; j < ProbeCount; j++)
                    wrong += symmetric[(i * ProbeCount) + j] == (matrix[(i * ProbeCount) + j] + matrix[(j * ProbeCount) + i]) / 2 ? 0 : 1;
            }

            Assert.Equal(0, wrong);
        }

        var relative = run.Matrix("relative");
        for (var i = 0; i < ProbeCount; i++)
            Assert.Equal(1, relative[(i * ProbeCount) + i], 1e-5);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Weights_before_and_after_have_the_shapes_of_the_network(string model)
    {
        var run = new RunFolder(Run.At(model));

        foreach (var which in new[] { "initial", "final" })
        {
            Assert.Equal(["layer1.bias.npy", "layer1.weight.npy", "layer2.bias.npy", "layer2.weight.npy"], run.Names($"weights/{which}"));
            Assert.Equal([256, 784], run.Npy($"weights/{which}/layer1.weight.npy").Shape);
            Assert.Equal([256], run.Npy($"weights/{which}/layer1.bias.npy").Shape);
            Assert.Equal([1, 256], run.Npy($"weights/{which}/layer2.weight.npy").Shape);
            Assert.Equal([1], run.Npy($"weights/{which}/layer2.bias.npy").Shape);
        }

        // PyTorch's default initialisation: uniform within 1 / sqrt(inputs).
        var initial = run.Npy("weights/initial/layer1.weight.npy").Doubles();
        Assert.All(initial, w => Assert.InRange(w, -1 / 28.0, 1 / 28.0));
        Assert.Equal(0, initial.Average(), 1e-3);
        Assert.Equal(1 / 28.0 / 28 / 3, initial.Average(w => w * w), 1e-5);
        Assert.NotEqual(initial, run.Npy("weights/final/layer1.weight.npy").Doubles());
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_picture_is_a_png_of_a_sensible_size(string model)
    {
        var run = new RunFolder(Run.At(model));

        Assert.Equal(
            [
                "clustering-accuracy.png", "elasticity-index.png", "kernelized-by-class.png", "kernelized-by-cluster.png", "loss.png",
                "relative-by-class.png", "relative-by-cluster.png",
            ],
            run.Names("plots"));
        foreach (var name in run.Names("plots"))
        {
            var picture = File.ReadAllBytes(run.At($"plots/{name}"));
            Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], picture[..8]);
            Assert.InRange(picture.Length, 10_000, 10_000_000);
            Assert.InRange(System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(16)), 500, 6000);
        }
    }

    [Fact]
    public void The_first_pass_is_what_plain_loops_find() =>
        new Rerun(Run, "relu", new PlainLoss("mse"), id => MnistImages.Features(id), id => MnistImages.Digit(id) is 5 or 9 ? 1 : 0)
            .CompareSteps(2000);

    private static (double Index, double Same, double Different) Contrast(double[] matrix, string[] ids)
    {
        var digits = Array.ConvertAll(ids, MnistImages.Digit);
        double same = 0, different = 0;
        long samePairs = 0, differentPairs = 0;
        for (var i = 0; i < ids.Length; i++)
        {
            for (var j = 0; j < ids.Length; j++)
            {
                if (i == j)
                    continue;
                if (digits[i] == digits[j])
                {
                    same += matrix[(i * ids.Length) + j];
                    samePairs++;
                }
                else
                {
                    different += matrix[(i * ids.Length) + j];
                    differentPairs++;
                }
            }
        }

        (same, different) = (same / samePairs, different / differentPairs);
        return (same / (same + different), same, different);
    }

    // The exactly linear model: K = x.x' + 1, S_rel = |K_ij| / K_ii.
    private static double[] PixelSimilarity(string measure, string[] ids)
    {
        var inputs = Array.ConvertAll(ids, id => MnistImages.Features(id));
        var matrix = new double[ids.Length * ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            for (var j = 0; j < ids.Length; j++)
            {
                var sum = 1.0;
                for (var k = 0; k < inputs[i].Length; k++)
                    sum += inputs[i][k] * inputs[j][k];
                matrix[(i * ids.Length) + j] = sum;
            }
        }

        if (measure == "kernelized")
            return matrix;
        return [.. matrix.Select((k, at) => Math.Abs(k) / matrix[at / ids.Length * (ids.Length + 1)])];
    }

    private string PrintedAccuracy(string method, string what) =>
        Assert.Single(quickstart.Table("Clustering"), r => r[1] == method && r[2] == what)[3];

    private static double[] Numbers(string[] cells) => Array.ConvertAll(cells, c => double.Parse(c, CultureInfo.InvariantCulture));

    [GeneratedRegex(
        @"^\d+:\d\d:\d\d  ((preparing|drawing)  (relu|identity)"
        + @"|training  (relu|identity)  step [\d,]+/[\d,]+ \(\d+ %\)(  [\d.,]+ steps/s)?(  \d+:\d\d:\d\d left)?(  loss [\d.E-]+)?(  index \d\.\d+)?"
        + @"|clustering  (relu|identity)  loss [\d.E-]+  index \d\.\d+)$",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex ProgressLine();
}

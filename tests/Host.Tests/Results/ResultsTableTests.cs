using ElasticityStream.Actors.Recording;
using ElasticityStream.Host.Results;
using ElasticityStream.Host.RunFiles;

namespace ElasticityStream.Host.Tests.Results;

public sealed class ResultsTableTests
{
    private static readonly ClusteringScoresRow PixelControl = new(0.594, 0.0342, 0.0281, 0.503, 0.561, 0.612, 20);

    private static StudySummary Quickstart { get; } = new()
    {
        Study = "quickstart",
        Outcome = RunOutcome.Completed,
        ControlName = "pixels",
        Main = Model("relu", 6e-3, "given", 0.6612, 0.6043, 0.9689),
        Contrast = Model("identity", 0.0048712, "auto: 0.5 / mean K_ii", 0.5289, 0.5176, 0.5512),
        Files =
        [
            new ResultFile("run", "runs/quickstart/20260301-093005-a1b2c3"),
            new ResultFile("pictures", "runs/quickstart/20260301-093005-a1b2c3/plots"),
        ],
    };

    private static ModelSummary Model(string name, double rate, string origin, double kernelized, double relative, double accuracy) => new()
    {
        Name = name,
        Network = "mlp 784-256-1, biases",
        LearningRate = rate,
        LearningRateOrigin = origin,
        Steps = 20_000,
        Duration = TimeSpan.FromSeconds(48.6),
        Measures =
        [
            new MeasureSummary(new ElasticityIndexRow(20_000, "online", "relative", relative, 0.5072, 0.55, 0.3612, 998, 17), 1_000, null),
            new MeasureSummary(new ElasticityIndexRow(20_000, "online", "kernelized", kernelized, 0.5131, 91.2345, 46.77, 1_000, 0), 1_000, null),
        ],
        Clusterings =
        [
            new ClusteringRow(20_000, "relative", "kmeans", true, 998, 1, new(0.742, 0.2342, 0.2101, 0.51, 0.7, 0.745, 20), PixelControl, 0, [1]),
            new ClusteringRow(
                20_000, "kernelized", "kernel-kmeans", true, 1_000, 1, new(accuracy, 0.879, 0.807, 0.503, 0.831, 0.97, 20), PixelControl, 0, [1]),
        ],
    };

    [Fact]
    public void Table_is_the_approved_text_when_the_output_is_no_terminal()
    {
        var text = Written(Quickstart, isTerminal: false, width: 0);

        Assert.Equal(Approved("quickstart.txt"), text);
        Assert.All(text, character => Assert.True(char.IsAscii(character)));
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void Table_has_the_geodesic_correlation_and_says_what_is_undefined_when_there_is_such_a_thing()
    {
        var index = new ElasticityIndexRow(0, "online", "relative", null, null, null, 0.25, 100, 0);
        var torus = Quickstart with
        {
            Study = "torus",
            Outcome = RunOutcome.Interrupted,
            RejectedSamples = 1_204,
            Contrast = null,
            Main = Quickstart.Main with { Measures = [new MeasureSummary(index, 100, -0.9651)], Clusterings = [] },
        };

        Assert.Equal(Approved("torus.txt"), Written(torus, isTerminal: false, width: 0));
    }

    [Fact]
    public void Distance_from_the_tangent_kernel_is_said_of_each_model_that_has_one()
    {
        var swept = Quickstart with
        {
            Main = Quickstart.Main with { KernelDistance = new KernelDistanceRow(20_000, 1_000, 1.2345e-3, 0.1) },
            Contrast = Quickstart.Contrast! with { KernelDistance = new KernelDistanceRow(0, 0, null, null) },
        };

        var text = Written(swept, isTerminal: false, width: 0);

        Assert.Contains(
            "\n\nrelu: S_ker and the NTK differ by 1.2e-3 (relative Frobenius) after 20,000 steps.\n"
            + "identity (contrast): S_ker and the NTK differ by - (relative Frobenius).\n\nindex: ", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void Tables_are_framed_when_the_terminal_is_wide_enough()
    {
        var framed = Written(Quickstart, isTerminal: true, width: 130);
        var plain = Written(Quickstart, isTerminal: true, width: 90);

        Assert.Contains("╭", framed, StringComparison.Ordinal);
        Assert.All(framed.Split('\n'), line => Assert.True(line.Length <= 130, line));
        Assert.Contains("96.9", framed, StringComparison.Ordinal);
        Assert.Contains("identity (contrast)", framed, StringComparison.Ordinal);
        Assert.Equal(Approved("quickstart.txt"), plain);
    }

    [Fact]
    public void Each_model_has_its_own_control_when_they_were_measured_at_different_probes()
    {
        var contrast = Quickstart.Contrast!;
        var other = contrast with
        {
            Clusterings = [contrast.Clusterings[0], contrast.Clusterings[1] with { Control = PixelControl with { Accuracy = 0.6 } }],
        };

        Assert.Equal(2, CountOfControls(Quickstart));
        Assert.Equal(3, CountOfControls(Quickstart with { Contrast = other }));

        static int CountOfControls(StudySummary summary) =>
            Written(summary, isTerminal: false, width: 0).Split("pixels (control)").Length - 1;
    }

    private static string Written(StudySummary summary, bool isTerminal, int width)
    {
        using var output = new StringWriter();
        ResultsTable.Write(summary, output, isTerminal, width);
        return output.ToString();
    }

    private static string Approved(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Results", "Approved", name)).ReplaceLineEndings("\n");
}

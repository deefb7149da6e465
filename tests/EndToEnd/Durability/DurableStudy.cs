using System.Globalization;
using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd.Durability;

/// <summary>
/// A study that takes two seconds and something, whose run is ended and gone on with. Together they have every engine, both protocols, and all that a
/// checkpoint carries. Blocks of 7 steps divide neither a pass nor any interval, so that what is due comes in the middle of them.
/// </summary>
/// <param name="Name">What it is there for.</param>
/// <param name="Engine">How the run must describe its engine.</param>
/// <param name="Changes">What differs from <see cref="Text"/>, as in <c>--set</c>.</param>
public sealed record DurableStudy(string Name, string Engine, params string[] Changes)
{
    private const string Text = """
        name: small
        seed: 3
        source:
          type: mnist
          options: { primary: [5, 9], auxiliary: [4, 8], primaryPerClass: 20, auxiliaryPerClass: 10, scaling: symmetric }
        model: { type: mlp, hidden: [24, 16] }
        training: { learningRate: 0.002, passes: 12 }
        probe: { blockSize: 7, evaluators: 2, rebaseEvery: 300 }
        clustering: { restarts: 4 }
        output: { recordEvery: 50, window: 100 }
        telemetry: { serve: false }
        """;

    // 50 points of four classes, two of which cannot be trained on.
    private const string Points = "source={ type: csv, maxRejectedFraction: 0.1, options: { file: points.csv, classColumn: kind } }";

    public static IReadOnlyList<DurableStudy> All { get; } =
    [
        new("linear", "rank-one auto: a linear model", Points, "model={ type: linear }", "training={ learningRate: 0.01, passes: 50 }",
            "clustering.every=400", "sweep.every=900", "checkpoint.everySteps=50"),
        new("rank-one-open", "rank-one auto: one hidden layer", "model.hidden=[520]", "training.passes=20", "similarity.rows=mean",
            "contrast={ activation: identity, passes: 5, learningRate: 0.0005 }"),
        new("rank-one-closed", "rank-one auto: one hidden layer; closed: every training sample is a probe", "source.options.auxiliary=[]",
            "model.hidden=[520]", "training={ learningRate: auto, passes: 40 }", "similarity.rows=ewma", "clustering.every=500", "sweep.every=700"),
        new("delta-mlp", "delta-forward auto: a fully connected network with more than one hidden layer",
            "training.pretraining={ epochs: 4, batchSize: 3, learningRate: 0.002 }", "sweep.every=333", "clustering.every=250", "checkpoint.everySteps=100"),
        new("delta-cnn", "delta-forward auto: the network is convolutional", "model={ type: cnn, channels: [3, 4], hidden: [12] }",
            "training.passes=3", "probe.rebaseEvery=60", "clustering.every=70", "checkpoint.everySteps=20"),
        new("delta-resnet-mlp", "delta-forward auto: the network has a skip connection", "model={ type: resnet-mlp, hidden: [24] }",
            "training.pretraining={ epochs: 2, batchSize: 4, learningRate: 0.002 }", "contrast={ passes: 4, learningRate: 0.0005 }"),
        new("full-forward", "full-forward given", "probe.engine=full-forward", "sweep.every=200", "similarity.rows=ewma", "checkpoint.everySteps=60"),
        new("sweep", "rank-one auto: one hidden layer", "model.hidden=[520]", "contrast={ learningRate: 0.0005 }",
            "training={ protocol: sweep, learningRate: 0.002, pretraining: { epochs: 15, batchSize: 4, learningRate: 0.001 } }"),
    ];

    /// <summary>The study of a name.</summary>
    public static DurableStudy Of(string name) => All.Single(study => study.Name == name);

    /// <summary>The command line that runs it.</summary>
    /// <param name="folder">Takes its files.</param>
    /// <param name="more">What else differs, as in <c>--set</c>.</param>
    public string[] Arguments(TemporaryFolder folder, params string[] more)
    {
        folder.Write("points.csv", "a,b,c,label,kind\n" + string.Concat(Enumerable.Range(0, 50).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{(i is 7 or 31 ? "NaN" : (i * 5 % 9) / 8.0)},{(i % 5) / 4.0},{(i * 3 % 7) / 6.0},{i % 2},{i % 4}\n"))));
        return SmallStudy.ArgumentsOf(folder, Text, [.. Changes, .. more]);
    }

    /// <summary>Fails unless a run is of this study and by this engine.</summary>
    public void Ran(RunFolder run)
    {
        var main = run.Description().GetProperty("main");
        Assert.Equal(Engine, $"{main.GetProperty("engine").GetString()} {main.GetProperty("engineReason").GetString()}");
    }
}

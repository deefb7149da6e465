using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing.RankOne;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Benchmarks;

/// <summary>
/// One hidden layer: a full forward pass per step against the rank-one engine through the bare API and against the running pipeline, each open
/// (fresh samples) and closed (every sample is a probe).
/// </summary>
internal static class RankOneComparison
{
    public const int Inputs = 784;
    public const int Probes = 1000;
    public const double Rate = 1e-6;

    private static readonly int[] Widths = [128, 1024, 4096, 40960];

    public static void Run(ComparisonOptions options)
    {
        Console.WriteLine(
            $"n = {Probes} probes, d = {Inputs}, ReLU, blocks of {options.Block} steps, 2 shards, medians of {options.Rounds} rounds, "
            + $"{Environment.ProcessorCount} cores; the full forward has {Environment.ProcessorCount} torch threads. Steps/s, and times the full forward.");
        Console.WriteLine();
        Console.WriteLine($"{"h",8}{"full forward",14}{"engine, open",22}{"study, open",22}{"of engine",10}{"engine, closed",22}{"study, closed",22}{"of engine",10}");
        foreach (var width in Widths)
            Compare(width, options);
    }

    /// <summary>The engine for a width.</summary>
    public static RankOneEngine Engine(int width) => new(Network(width), new LossFunction(Loss.Mse, Prediction.Logit), torch.CPU, seed: 1);

    /// <summary>The network of a width.</summary>
    public static NetworkSpec Network(int width) => new(NetworkKind.Mlp, Inputs, [width], 1, Activation.Relu, Bias: true);

    /// <summary>As many steps as take the engine about a second, in whole blocks.</summary>
    public static int Blocks(int width, int block) => Math.Max(2, 15_000_000 / Math.Max(width, 256) / block);

    private static void Compare(int width, ComparisonOptions options)
    {
        var study = new RandomStudy(Inputs, Probes, samples: 32 * options.Block);
        using var network = new FullyConnectedNetwork(Network(width), torch.CPU, seed: 1);
        var closes = Engine(width).CanClose;
        var fullSteps = Math.Clamp(200_000 / width, 2, 64);
        var blocks = Blocks(width, options.Block);
        var studySteps = Math.Max(2000, blocks * options.Block);
        using var fullForward = new FullForwardLoop(network, study, Probes, Rate);
        using var open = new BareEngine(Engine(width), study, Inputs, 2, options.Block, Rate);
        using var closed = new BareEngine(Engine(width), study, Inputs, 2, options.Block, Rate);
        torch.set_num_threads(Environment.ProcessorCount);
        var seconds = SideBySide.Medians(
            options.Rounds,
            () => SideBySide.Timed(() => Steps(fullSteps, fullForward.Run, 1)),
            () => SideBySide.Timed(() => Steps(blocks, open.Run, options.Block)),
            () => WholeStudy.Run(Engine(width), study, Inputs, studySteps, options.Block, closed: false, Rate).SecondsPerStep,
            () => closes ? SideBySide.Timed(() => Steps(blocks, closed.RunClosed, options.Block)) : double.NaN,
            () => closes ? WholeStudy.Run(Engine(width), study, Inputs, studySteps, options.Block, closed: true, Rate).SecondsPerStep : double.NaN);
        Console.WriteLine(
            $"{width,8}{1 / seconds[0],14:f1}{Cell(seconds, 1)}{Cell(seconds, 2)}{seconds[1] / seconds[2],10:p0}"
            + (closes ? $"{Cell(seconds, 3)}{Cell(seconds, 4)}{seconds[3] / seconds[4],10:p0}" : "  (not closed at this width)"));
    }

    private static string Cell(double[] seconds, int candidate) => $"{1 / seconds[candidate],12:n0}{seconds[0] / seconds[candidate],8:n0} x";

    private static int Steps(int count, Action<int> run, int stepsEach)
    {
        run(count);
        return count * stepsEach;
    }
}

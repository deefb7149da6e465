using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.TangentKernels;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Benchmarks;

/// <summary>A sweep, all rows at frozen weights: the exact finite step, and the NTK, against full-forward steps.</summary>
internal static class SweepComparison
{
    private static readonly int[] Widths = [1024, 4096, 40960];

    public static void Run(ComparisonOptions options)
    {
        Console.WriteLine(
            $"{RankOneComparison.Probes} x {RankOneComparison.Probes} rows, d = {RankOneComparison.Inputs}, ReLU, blocks of {options.Block}, medians of {options.Rounds} rounds.");
        Console.WriteLine("Seconds, and how many full-forward steps that is.");
        Console.WriteLine();
        Console.WriteLine($"{"h",8}{"full-forward step",20}{"exact sweep",14}{"",8}{"NTK, 1 thread",16}{"",8}");
        foreach (var width in Widths)
            Compare(width, options);
    }

    private static void Compare(int width, ComparisonOptions options)
    {
        var study = new RandomStudy(RankOneComparison.Inputs, RankOneComparison.Probes, samples: 32 * options.Block);
        using var network = new FullyConnectedNetwork(RankOneComparison.Network(width), torch.CPU, seed: 1);
        using var fullForward = new FullForwardLoop(network, study, RankOneComparison.Probes, RankOneComparison.Rate);
        using var engine = new BareEngine(RankOneComparison.Engine(width), study, RankOneComparison.Inputs, 2, options.Block, RankOneComparison.Rate);
        var labels = new double[RankOneComparison.Probes];
        var loss = new LossFunction(Loss.Mse, Prediction.Logit);
        var fullSteps = Math.Clamp(200_000 / width, 2, 64);
        var seconds = SideBySide.Medians(
            options.Rounds,
            () => SideBySide.Timed(() =>
            {
                torch.set_num_threads(Environment.ProcessorCount);
                fullForward.Run(fullSteps);
                return fullSteps;
            }),
            () => SideBySide.Timed(() =>
            {
                engine.Sweep();
                return 1;
            }),
            () => SideBySide.Timed(() =>
            {
                torch.set_num_threads(1);
                using var scope = torch.NewDisposeScope();
                NeuralTangentKernel.Of(network, loss, study.Probes, labels);
                return 1;
            }));
        Console.WriteLine(
            $"{width,8}{seconds[0],20:g3}{seconds[1],14:g3}{seconds[1] / seconds[0],8:f1}{seconds[2],16:g3}{seconds[2] / seconds[0],8:f1}");
    }
}

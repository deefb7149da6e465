using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Benchmarks;

/// <summary>Deeper nets: a full forward pass per step against the delta-forward engine, trainer and two shards.</summary>
internal static class DeltaForwardComparison
{
    private const int Inputs = 784;
    private const int Probes = 1000;
    private const int Shards = 2;
    private const double Rate = 1e-4;

    private static readonly int[][] Nets = [[1024, 1024], [4096, 256], [512, 512, 512]];

    public static void Run(ComparisonOptions options)
    {
        Console.WriteLine(
            $"n = {Probes} probes, blocks of {options.Block} steps, {Shards} shards, medians of {options.Rounds} rounds, "
            + $"{Environment.ProcessorCount} cores; the full forward has {Environment.ProcessorCount} torch threads");
        Console.WriteLine();
        Console.WriteLine($"{"network",-24}{"full forward",16}{"delta-forward",16}{"trainer alone",16}{"ratio",8}");
        Console.WriteLine($"{"",-24}{"steps/s",16}{"steps/s",16}{"steps/s",16}{"",8}");
        foreach (var hidden in Nets)
            Compare(hidden, options);
    }

    private static void Compare(int[] hidden, ComparisonOptions options)
    {
        var spec = new NetworkSpec(NetworkKind.Mlp, Inputs, hidden, 1, Activation.Relu, Bias: true);
        var study = new RandomStudy(Inputs, Probes, samples: 32 * options.Block);
        using var network = new FullyConnectedNetwork(spec, torch.CPU, seed: 1);
        using var fullForward = new FullForwardLoop(network, study, Probes, Rate);
        using var engine = Create(spec, study, Shards, options);
        using var trainer = Create(spec, study, 0, options);
        var blocks = Math.Max(2, 64 / options.Block);
        torch.set_num_threads(Environment.ProcessorCount);
        var seconds = SideBySide.Medians(
            options.Rounds,
            () => Steps(32, fullForward.Run, 1),
            () => Steps(blocks, engine.Run, options.Block),
            () => Steps(blocks, trainer.Run, options.Block));
        Console.WriteLine(
            $"{spec,-24}{1 / seconds[0],16:f1}{1 / seconds[1],16:f1}{1 / seconds[2],16:f1}{seconds[0] / seconds[1],8:f2}");
    }

    private static BareEngine Create(NetworkSpec spec, RandomStudy study, int shards, ComparisonOptions options) => new(
        new DeltaForwardEngine(spec, new LossFunction(Loss.Mse, Prediction.Logit), torch.CPU, seed: 1),
        study, Inputs, shards, options.Block, Rate);

    private static int Steps(int count, Action<int> run, int stepsEach)
    {
        run(count);
        return count * stepsEach;
    }
}

using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Benchmarks;

/// <summary>Networks with more than one hidden layer: a full forward pass per step against the delta-forward engine, trainer and two shards.</summary>
internal static class DeltaForwardComparison
{
    private const int Inputs = 784;
    private const int Probes = 1000;
    private const int Shards = 2;
    private const double Rate = 1e-4;

    private static readonly NetworkSpec[] Networks =
    [
        Mlp(1024, 1024), Mlp(4096, 256), Mlp(512, 512, 512), Mlp(8192, 8192),
        new(NetworkKind.ResnetMlp, Inputs, [1024, 1024], 1, Activation.Relu, Bias: true),
        new(NetworkKind.Cnn, Inputs, [128], 1, Activation.Relu, Bias: true) { Convolutions = new(new ImageShape(1, 28, 28), [16, 32], 5) },
    ];

    public static void Run(ComparisonOptions options)
    {
        Console.WriteLine(
            $"n = {Probes} probes, blocks of {options.Block} steps, {Shards} shards, medians of {options.Rounds} rounds, "
            + $"{Environment.ProcessorCount} cores; the full forward has {Environment.ProcessorCount} torch threads");
        Console.WriteLine();
        Console.WriteLine($"{"network",-40}{"full forward",14}{"delta-forward",15}{"trainer alone",15}{"ratio",8}");
        Console.WriteLine($"{"",-40}{"steps/s",14}{"steps/s",15}{"steps/s",15}{"",8}");
        foreach (var network in Networks)
            Compare(network, options);
    }

    private static NetworkSpec Mlp(params int[] hidden) => new(NetworkKind.Mlp, Inputs, hidden, 1, Activation.Relu, Bias: true);

    private static void Compare(NetworkSpec spec, ComparisonOptions options)
    {
        var study = new RandomStudy(Inputs, Probes, samples: 32 * options.Block);
        using var network = spec.Kind == NetworkKind.Mlp ? new FullyConnectedNetwork(spec, torch.CPU, seed: 1) : null;
        using var plain = network is null ? null : new FullForwardLoop(network, study, Probes, Rate);
        using var layered = network is null ? new ModuleForwardLoop(spec, study, Probes, Rate) : null;
        Action<int> fullForward = plain is null ? layered!.Run : plain.Run;
        using var engine = Create(spec, study, Shards, options);
        using var trainer = Create(spec, study, 0, options);
        var (fullSteps, blocks) = spec.ParameterCount > 10_000_000 ? (4, 1) : (32, Math.Max(2, 64 / options.Block));
        torch.set_num_threads(Environment.ProcessorCount);
        var seconds = SideBySide.Medians(
            options.Rounds,
            () => Steps(fullSteps, fullForward, 1),
            () => Steps(blocks, engine.Run, options.Block),
            () => Steps(blocks, trainer.Run, options.Block));
        Console.WriteLine(
            $"{spec,-40}{1 / seconds[0],14:f1}{1 / seconds[1],15:f1}{1 / seconds[2],15:f1}{seconds[0] / seconds[1],8:f2}");
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

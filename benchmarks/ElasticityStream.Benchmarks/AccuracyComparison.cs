using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Probing.RankOne;
using ElasticityStream.Compute.Tests.Probing.RankOne;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Benchmarks;

/// <summary>
/// The rank-one engine over thousands of steps against float64, open and closed, with carried state and no rebase: relative L2 error of all perturbations
/// of all steps and probes. The test suite has a slice of it on real images.
/// </summary>
internal static class AccuracyComparison
{
    private const int Inputs = 784;
    private const int Probes = 70;

    /// <summary>The activation, h, eta as a multiple of 1 / mean K_ii (below 1e-3: itself), steps, and whether the samples are the probes.</summary>
    private static readonly (Activation Activation, int Width, double Rate, int Steps, bool Closed)[] Cases =
    [
        (Activation.Relu, 1, 0.1, 5000, false), (Activation.Relu, 64, 0.5, 5000, false), (Activation.Relu, 1024, 0.9, 5000, false),
        (Activation.Relu, 1024, 0.9, 5000, true), (Activation.Relu, 1024, 1e-6, 5000, false), (Activation.Relu, 1024, 1e-6, 5000, true),
        (Activation.Gelu, 600, 0.9, 2000, false), (Activation.Tanh, 600, 0.9, 2000, true),
        (Activation.Relu, 8192, 0.9, 2000, false), (Activation.Relu, 8192, 1e-6, 2000, true),
    ];

    public static void Run(ComparisonOptions options)
    {
        Console.WriteLine($"{Probes} probes, d = {Inputs}, blocks of {options.Block} steps, no rebase; relative L2 error over all steps and probes");
        Console.WriteLine();
        Console.WriteLine($"{"activation",12}{"h",8}{"eta",12}{"form",10}{"steps",8}{"first 2,000",14}{"all",12}");
        foreach (var (activation, width, rate, steps, closed) in Cases)
            Measure(activation, width, rate, steps, closed, options.Block);
    }

    private static void Measure(Activation activation, int width, double rate, int steps, bool closed, int block)
    {
        var study = new RandomStudy(Inputs, 2 * Probes, samples: 1);
        var samples = study.Probes.Select(v => (double)(float)((2 * v) - 1)).Chunk(Inputs).Take(closed ? Probes : 2 * Probes).ToArray();
        var probes = samples[..Probes];
        var all = probes.SelectMany(x => x).ToArray();
        var network = new NetworkSpec(NetworkKind.Mlp, Inputs, [width], 1, activation, Bias: true);
        var engine = new RankOneEngine(network, new LossFunction(Loss.Mse, Prediction.Logit), torch.CPU, seed: 2);
        using var stepper = (IClosedStepper)engine.CreateStepper();
        stepper.LearningRate = rate < 1e-3 ? rate : rate / samples.Average(x => stepper.KernelDiagonal(x, 1));
        using var shard = (IHandOverShard)engine.CreateShard(all, Probes);
        var weights = NetworkWeights.From(stepper.Model);
        shard.Load(weights);
        if (closed)
        {
            stepper.Close(all);
            shard.Close(all);
        }

        var reference = new CarriedReference(network, weights, probes);
        double error = 0, square = 0, early = 0;
        for (var first = 0; first < steps; first += block)
        {
            var order = Enumerable.Range(first, Math.Min(block, steps - first)).Select(s => s * 37 % samples.Length).ToArray();
            var labels = Array.ConvertAll(order, i => (double)(i % 2));
            var stepped = closed
                ? stepper.Step(order, labels, shard.PreActivations(order), areBehind: false)
                : stepper.Step(order.SelectMany(i => samples[i]).ToArray(), labels, apply: true);
            var rows = shard.Perturb(stepped.Updates);
            for (var b = 0; b < order.Length; b++)
            {
                var expected = reference.Step(samples[order[b]], labels[b], stepper.LearningRate);
                for (var j = 0; j < Probes; j++)
                {
                    error += Math.Pow(rows.Change[(b * Probes) + j] - expected[j], 2);
                    square += expected[j] * expected[j];
                }
            }

            if (first < 2000)
                early = Math.Sqrt(error / square);
        }

        Console.WriteLine(
            $"{ActivationFunctions.Name(activation),12}{width,8}{stepper.LearningRate,12:g3}{(closed ? "closed" : "open"),10}{steps,8:n0}{early,14:0.0e-0}{Math.Sqrt(error / square),12:0.0e-0}");
    }
}

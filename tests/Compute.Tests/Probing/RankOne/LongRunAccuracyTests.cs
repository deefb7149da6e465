using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing.RankOne;
using ElasticityStream.Compute.Tests.Similarity;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Compute.Tests.Probing.RankOne;

/// <summary>
/// The rank-one engine over many steps on real images, with carried state and no rebase, against float64: the relative L2 error of all
/// perturbations of all steps and probes. Longer runs, wider nets and the closed form: <c>bench accuracy</c> in docs/performance.md.
/// </summary>
public sealed class LongRunAccuracyTests
{
    private const int PerDigit = 45;
    private const int Probes = 70;
    private const double Tolerance = 5e-6;

    /// <summary>The activation, h, and eta as a multiple of 1 / mean K_ii; below 1e-3 eta itself.</summary>
    public static TheoryData<Activation, int, double, int> Cases => new()
    {
        { Activation.Relu, 1, 0.9, 2000 }, { Activation.Relu, 33, 0.9, 2000 }, { Activation.Relu, 200, 0.5, 2000 }, { Activation.Relu, 200, 1e-6, 2000 },
        { Activation.Relu, 700, 0.9, 500 }, { Activation.Relu, 700, 1e-6, 500 }, { Activation.Relu, 1100, 0.9, 200 }, { Activation.LeakyRelu, 140, 0.9, 500 }, { Activation.Tanh, 140, 0.9, 500 },
        { Activation.Sigmoid, 140, 0.9, 500 }, { Activation.Gelu, 140, 0.9, 500 }, { Activation.Gelu, 140, 1e-6, 500 }, { Activation.Identity, 140, 0.9, 500 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Perturbations_are_those_of_float64(Activation activation, int hidden, double rate, int steps)
    {
        var pixels = MnistPair.Read(5, 9, PerDigit);
        var samples = pixels.Pixels.Select(v => (double)(float)((v / 127.5) - 1)).Chunk(784).ToArray();
        var network = new NetworkSpec(NetworkKind.Mlp, 784, [hidden], 1, activation, Bias: true);
        var engine = new RankOneEngine(network, new LossFunction(Loss.Mse, Prediction.Logit), torch.CPU, seed: 2);
        using var stepper = engine.CreateStepper();
        stepper.LearningRate = rate < 1e-3 ? rate : rate / samples.Average(x => stepper.KernelDiagonal(x, 1));
        using var shard = engine.CreateShard(samples[..Probes].SelectMany(x => x).ToArray(), Probes);
        var weights = NetworkWeights.From(stepper.Model);
        shard.Load(weights);
        var reference = new CarriedReference(network, weights, samples[..Probes]);

        double error = 0, square = 0;
        foreach (var block in Enumerable.Range(0, steps).Chunk(32))
        {
            var order = block.Select(s => s * 37 % samples.Length).ToArray();
            var labels = order.Select(i => (double)pixels.Classes[i]).ToArray();
            var rows = shard.Perturb(stepper.Step(order.SelectMany(i => samples[i]).ToArray(), labels, apply: true).Updates);
            for (var b = 0; b < order.Length; b++)
            {
                var expected = reference.Step(samples[order[b]], labels[b], stepper.LearningRate);
                for (var j = 0; j < Probes; j++)
                {
                    error += Math.Pow(rows.Change[(b * Probes) + j] - expected[j], 2);
                    square += expected[j] * expected[j];
                }
            }
        }

        Assert.InRange(Math.Sqrt(error / square), 0, Tolerance);
    }
}

using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Tests.Similarity;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>
/// Delta-forward through deeper networks over many steps on real images, with carried state and no rebase, against forward passes in float64: the
/// relative L2 error of all perturbations of all steps and probes.
/// </summary>
public sealed class DeltaForwardLongRunTests
{
    private const int PerDigit = 45;
    private const int Probes = 70;
    private const int Block = 32;
    private const double Tolerance = 5e-6;

    /// <summary>The activation, the hidden layers, eta as a multiple of 1 / mean K_ii (below 1e-3 eta itself), and the number of steps.</summary>
    public static TheoryData<Activation, int[], double, int> Cases => new()
    {
        { Activation.Relu, [140, 70], 0.9, 2000 }, { Activation.Relu, [140, 70], 1e-6, 2000 }, { Activation.Relu, [60, 50, 40], 0.5, 1000 },
        { Activation.Relu, [300, 7], 1e-4, 1000 }, { Activation.Tanh, [60, 50, 40], 0.9, 1000 }, { Activation.Gelu, [140, 70], 1e-6, 1000 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Perturbations_are_those_of_float64(Activation activation, int[] hidden, double rate, int steps)
    {
        var pixels = MnistPair.Read(5, 9, PerDigit);
        var samples = pixels.Pixels.Select(v => (double)(float)((v / 127.5) - 1)).Chunk(784).ToArray();
        var network = new NetworkSpec(NetworkKind.Mlp, 784, hidden, 1, activation, Bias: true);
        using var actual = new Follower(ProbeEngineKind.DeltaForward, network, samples);
        using var oracle = new Follower(ProbeEngineKind.FullForward, network, samples);
        var eta = rate < 1e-3 ? rate : rate / samples.Average(x => actual.Stepper.KernelDiagonal(x, 1));
        (actual.Stepper.LearningRate, oracle.Stepper.LearningRate) = (eta, eta);

        double error = 0, square = 0;
        foreach (var block in Enumerable.Range(0, steps).Chunk(Block))
        {
            var order = block.Select(s => s * 37 % samples.Length).ToArray();
            var rows = actual.Rows(order, pixels.Classes);
            for (var b = 0; b < order.Length; b++)
            {
                var expected = oracle.Rows([order[b]], pixels.Classes);
                for (var j = 0; j < Probes; j++)
                {
                    error += Math.Pow(rows[(b * Probes) + j] - expected[j], 2);
                    square += expected[j] * expected[j];
                }
            }
        }

        Assert.InRange(Math.Sqrt(error / square), 0, Tolerance);
    }

    /// <summary>A trainer and a shard of the first samples.</summary>
    private sealed class Follower : IDisposable
    {
        private readonly double[][] _samples;
        private readonly IProbeShard _shard;

        public Follower(ProbeEngineKind kind, NetworkSpec network, double[][] samples)
        {
            var engine = ProbeEngine.Create(kind, network, new LossFunction(Loss.Mse, Prediction.Logit), torch.CPU, seed: 2);
            _samples = samples;
            Stepper = engine.CreateStepper();
            _shard = engine.CreateShard(samples[..Probes].SelectMany(x => x).ToArray(), Probes);
            _shard.Load(NetworkWeights.From(Stepper.Model));
        }

        public IStepper Stepper { get; }

        public double[] Rows(int[] order, IReadOnlyList<int> classes)
        {
            var labels = Array.ConvertAll(order, i => (double)classes[i]);
            return _shard.Perturb(Stepper.Step(order.SelectMany(i => _samples[i]).ToArray(), labels, apply: true).Updates).Change;
        }

        public void Dispose()
        {
            Stepper.Dispose();
            _shard.Dispose();
        }
    }
}

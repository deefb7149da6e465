using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Similarity;
using ElasticityStream.Compute.TangentKernels;
using ElasticityStream.Compute.Tests.Probing;
using ElasticityStream.Compute.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Tests.TangentKernels;

/// <summary>
/// The kernel against whole Jacobians by autograd in float64, and against the virtual steps of a sweep at a small learning rate: none
/// to three hidden layers, every activation and loss, one output and three, with and without biases, in blocks that divide nothing.
/// </summary>
public sealed class NeuralTangentKernelTests
{
    // Relative to the reference, in the Frobenius norm.
    private const double Single = 3e-7;
    private const double Double = 1e-13;

    private static readonly KernelArithmetic Odd = new(ScalarType.Float64, Units: 3, Probes: 4, JacobianRows: 3);

    public static TheoryData<string> Names => EngineCase.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Kernel_is_that_of_the_whole_Jacobian(string name)
    {
        var setting = EngineCase.Named(name);
        using var stepper = setting.Stepper(setting.Engine(ProbeEngineKind.FullForward));
        var expected = PlainKernel.Of(stepper.Model, setting.Loss, setting.Prediction, setting.ProbeFeatures, Labels(setting));

        Assert.InRange(Arrays.RelativeError(NeuralTangentKernel.Of(stepper.Model, setting.LossFunction, setting.ProbeFeatures, Labels(setting)), expected), 0, Single);
        Assert.InRange(Arrays.RelativeError(Kernel(stepper.Model, setting, Odd), expected), 0, Double);
        using var other = new Wrapped(stepper.Model);
        Assert.InRange(Arrays.RelativeError(Kernel(other, setting, Odd), expected), 0, Double);
        Assert.InRange(Arrays.RelativeError(Kernel(other, setting, KernelArithmetic.Default), expected), 0, Double);
    }

    [Theory]
    [InlineData(ProbeEngineKind.DeltaForward, 2e-5)]
    [InlineData(ProbeEngineKind.FullForward, 2e-5)]
    public void Kernel_is_what_a_sweep_tends_to_when_the_learning_rate_goes_to_0(ProbeEngineKind kind, double tolerance)
    {
        foreach (var (loss, prediction) in new[] { (Loss.Mse, Prediction.Logit), (Loss.Bce, Prediction.Probability), (Loss.Bce, Prediction.Logit), (Loss.CrossEntropy, Prediction.Logit) })
        {
            foreach (var hidden in new int[][] { [], [9], [8, 6], [7, 6, 5] })
            {
                foreach (var activation in hidden.Length == 0 ? [Activation.Identity] : Enum.GetValues<Activation>())
                {
                    foreach (var bias in new[] { true, false })
                    {
                        var setting = new EngineCase(hidden, activation, bias, loss, prediction, 1e-6);
                        CheckLimit(setting, kind, tolerance);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(Loss.Mse, Activation.Relu, 3000)]
    [InlineData(Loss.Bce, Activation.Gelu, 3000)]
    [InlineData(Loss.CrossEntropy, Activation.Relu, 2500)]
    [InlineData(Loss.Mse, Activation.Relu, 1500, 1100)]
    [InlineData(Loss.CrossEntropy, Activation.Tanh, 300, 1100, 200)]
    public void Single_precision_is_accurate_when_sums_are_long(Loss loss, Activation activation, params int[] hidden)
    {
        const int Probes = 300;
        const int Inputs = 200;
        var spec = new NetworkSpec(NetworkKind.Mlp, Inputs, hidden, loss == Loss.CrossEntropy ? 3 : 1, activation, Bias: true);
        using var network = new FullyConnectedNetwork(spec, CPU, 5);
        var features = EngineCase.Uniform(Probes * Inputs, 1);
        double[] labels = [.. Enumerable.Range(0, Probes).Select(i => (double)(i % 2))];
        var function = new LossFunction(loss, Prediction.Probability);

        using var exact = NeuralTangentKernel.Begin(network, function, features, labels, KernelArithmetic.Default with { Precision = ScalarType.Float64 });
        exact.Finish();

        Assert.InRange(Arrays.RelativeError(NeuralTangentKernel.Of(network, function, features, labels), exact.Rows(0, Probes)), 0, Single);
    }

    [Fact]
    public void Kernel_of_one_output_is_symmetric_to_the_last_bit()
    {
        foreach (var setting in new[] { Relu(Loss.Mse), Relu(Loss.Bce) })
        {
            using var stepper = setting.Stepper(setting.Engine(ProbeEngineKind.DeltaForward));
            foreach (var arithmetic in new[] { Odd, KernelArithmetic.Default })
            {
                var kernel = Kernel(stepper.Model, setting, arithmetic);
                for (var i = 0; i < EngineCase.Probes; i++)
                {
                    for (var j = 0; j < i; j++)
                        Assert.Equal(kernel[(i * EngineCase.Probes) + j], kernel[(j * EngineCase.Probes) + i]);
                }
            }
        }
    }

    [Fact]
    public void Diagonal_is_the_one_that_the_learning_rate_is_chosen_from()
    {
        foreach (var setting in new[] { Relu(Loss.Mse), Relu(Loss.CrossEntropy) })
        {
            using var stepper = setting.Stepper(setting.Engine(ProbeEngineKind.DeltaForward));
            var kernel = Kernel(stepper.Model, setting, Odd);
            for (var i = 0; i < EngineCase.Probes; i++)
            {
                var diagonal = stepper.KernelDiagonal(Arrays.Row(setting.Features, i, EngineCase.Inputs), setting.Labels[i]);
                Assert.Equal(diagonal, kernel[(i * EngineCase.Probes) + i], 1e-12 * diagonal);
            }
        }
    }

    [Fact]
    public void Row_is_0_when_the_outputs_have_no_gradient_there()
    {
        var setting = Relu(Loss.CrossEntropy);
        using var stepper = setting.Stepper(setting.Engine(ProbeEngineKind.DeltaForward));
        // So sure of class 0 that the other probabilities underflow.
        using (no_grad())
            stepper.Model.parameters().Last().copy_(tensor([2000.0, 0, 0]));
        foreach (var kernel in new[] { Kernel(stepper.Model, setting, Odd), Kernel(new Wrapped(stepper.Model), setting, Odd) })
        {
            for (var i = 0; i < EngineCase.Probes; i++)
                Assert.Equal(setting.Labels[i] == 0, Array.TrueForAll(Arrays.Row(kernel, i, EngineCase.Probes).ToArray(), v => v == 0));
        }
    }

    [Fact]
    public void Computation_leaves_the_model_as_it_is_and_no_tensor_behind_wherever_it_ends()
    {
        // A thread of its own: torch counts live tensors by thread, and the other tests' are not ours.
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(LeavesNothing));
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }

    private static void LeavesNothing()
    {
        foreach (var setting in new[] { Relu(Loss.Mse), Relu(Loss.Bce), Relu(Loss.CrossEntropy) with { Activation = Activation.Identity } })
        {
            using var stepper = setting.Stepper(setting.Engine(ProbeEngineKind.DeltaForward));
            using var wrapped = new Wrapped(stepper.Model);
            var weights = NetworkWeights.From(stepper.Model).Parameters.SelectMany(p => p.Values).ToArray();
            foreach (var model in new nn.Module<Tensor, Tensor>[] { stepper.Model, wrapped })
            {
                var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
                for (var pieces = 0; ; pieces += 3)
                {
                    using var kernel = NeuralTangentKernel.Begin(model, setting.LossFunction, setting.ProbeFeatures, Labels(setting), Odd);
                    var done = 0;
                    while (done < pieces && kernel.Advance())
                        done++;
                    kernel.Dispose();
                    Assert.True(before == DisposeScopeManager.Statistics.ThreadTotalLiveCount, $"{setting}, {model.GetType().Name}, {done} pieces: {before} and {DisposeScopeManager.Statistics.ThreadTotalLiveCount} tensors.");
                    if (done < pieces)
                        break;
                    Assert.Throws<InvalidOperationException>(() => kernel.Rows(0, 1));
                }

                Assert.Equal(weights, NetworkWeights.From(stepper.Model).Parameters.SelectMany(p => p.Values));
                Assert.All(stepper.Model.parameters(), p => Assert.Null(p.grad));
            }
        }
    }

    private static void CheckLimit(EngineCase setting, ProbeEngineKind kind, double tolerance)
    {
        var engine = setting.Engine(kind);
        using var stepper = setting.Stepper(engine);
        using var shard = setting.Shard(engine, stepper);
        var kernel = NeuralTangentKernel.Of(stepper.Model, setting.LossFunction, setting.ProbeFeatures, Labels(setting));
        var sweep = new double[kernel.Length];
        for (var i = 0; i < EngineCase.Probes; i++)
        {
            var stepped = setting.Step(stepper, i, 1, apply: false);
            var row = sweep.AsSpan(i * EngineCase.Probes, EngineCase.Probes);
            Assert.True(SimilarityRow.TryKernelized(shard.Perturb(stepped.Updates).Change, setting.LearningRate, stepped.Results[0].Gradient, row));
        }

        var error = Arrays.RelativeError(sweep, kernel);
        Assert.True(error <= tolerance, $"{setting}: relative distance {error:e2}.");
    }

    private static EngineCase Relu(Loss loss) => new([8, 6], Activation.Relu, Bias: true, loss, Prediction.Probability, 1e-3);

    private static double[] Labels(EngineCase setting) => setting.Labels[..EngineCase.Probes];

    private static double[] Kernel(nn.Module<Tensor, Tensor> model, EngineCase setting, KernelArithmetic arithmetic)
    {
        using var kernel = NeuralTangentKernel.Begin(model, setting.LossFunction, setting.ProbeFeatures, Labels(setting), arithmetic);
        kernel.Finish();
        return kernel.Rows(0, EngineCase.Probes);
    }

    /// <summary>A module that tells nothing of what it is.</summary>
    private sealed class Wrapped : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _inner;

        public Wrapped(nn.Module<Tensor, Tensor> inner)
            : base(nameof(Wrapped))
        {
            _inner = inner;
            register_module("inner", inner);
        }

        public override Tensor forward(Tensor input) => _inner.forward(input);
    }
}

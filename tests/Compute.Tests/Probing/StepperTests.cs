using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Similarity;
using ElasticityStream.Compute.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>The trainer's half against torch's own losses and autograd, and what is left behind in torch's memory.</summary>
public sealed class StepperTests
{
    public static TheoryData<string> Names => EngineCase.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Kernel_diagonal_is_the_squared_gradient_by_autograd(string name)
    {
        var setting = EngineCase.Named(name);
        foreach (var kind in new[] { ProbeEngineKind.RankOne, ProbeEngineKind.DeltaForward, ProbeEngineKind.FullForward })
        {
            if (ProbeEngine.Refusal(kind, setting.Network.Kind, setting.Hidden.Length) is not null)
                continue;
            using var stepper = setting.Stepper(setting.Engine(kind));
            for (var i = 0; i < 3; i++)
            {
                var x = Arrays.Row(setting.Features, i, EngineCase.Inputs).ToArray();
                var expected = SquaredGradient(stepper, setting, x, setting.Labels[i]);
                Assert.Equal(expected, stepper.KernelDiagonal(x, setting.Labels[i]), 1e-11 * expected);
            }

            // It leaves no gradient behind that a later step would add to.
            Assert.All(stepper.Model.parameters(), p => Assert.Null(p.grad));
        }
    }

    [Theory]
    [InlineData(Loss.Mse, Prediction.Logit, 1e-4)]
    [InlineData(Loss.Bce, Prediction.Logit, 1e-4)]
    [InlineData(Loss.CrossEntropy, Prediction.Logit, 1e-4)]
    public void Kernel_diagonal_is_the_limit_of_the_kernelized_similarity(Loss loss, Prediction prediction, double tolerance)
    {
        var setting = new EngineCase([9, 7], Activation.Tanh, Bias: true, loss, prediction, 1e-6);
        var engine = setting.Engine(ProbeEngineKind.DeltaForward);
        using var stepper = setting.Stepper(engine);
        using var shard = setting.Shard(engine, stepper);
        for (var i = 0; i < 4; i++)
        {
            var stepped = setting.Step(stepper, i, 1, apply: false);
            var row = new double[EngineCase.Probes];
            Assert.True(SimilarityRow.TryKernelized(shard.Perturb(stepped.Updates).Change, 1e-6, stepped.Results[0].Gradient, row));
            var diagonal = stepper.KernelDiagonal(Arrays.Row(setting.Features, i, EngineCase.Inputs), setting.Labels[i]);
            Assert.Equal(diagonal, row[i], tolerance * diagonal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Mini_batch_step_is_that_of_autograd(string name)
    {
        var setting = EngineCase.Named(name);
        using var stepper = setting.Stepper(setting.Engine(ProbeEngineKind.DeltaForward));
        using var reference = setting.Stepper(setting.Engine(ProbeEngineKind.DeltaForward));
        for (var epoch = 0; epoch < 3; epoch++)
        {
            foreach (var batch in Enumerable.Range(0, EngineCase.Samples).Chunk(10))
            {
                var features = setting.Features.AsSpan(batch[0] * EngineCase.Inputs, batch.Length * EngineCase.Inputs);
                var labels = setting.Labels.AsSpan(batch[0], batch.Length);
                var loss = stepper.TrainMiniBatch(features, labels, 0.05);
                Assert.Equal(AutogradStep(reference, setting.Loss, features.ToArray(), labels.ToArray(), 0.05), loss, 1e-12);
            }
        }

        foreach (var (actual, expected) in NetworkWeights.From(stepper.Model).Parameters
            .Zip(NetworkWeights.From(reference.Model).Parameters))
            Assert.InRange(Arrays.RelativeError(actual.Values, expected.Values), 0, 1e-12);
    }

    [Theory]
    [InlineData(ProbeEngineKind.RankOne)]
    [InlineData(ProbeEngineKind.DeltaForward)]
    [InlineData(ProbeEngineKind.FullForward)]
    public void Stepper_starts_from_given_weights_and_refuses_those_of_another_model(ProbeEngineKind kind)
    {
        var setting = new EngineCase(Hidden(kind), Activation.Gelu, Bias: true, Loss.Mse, Prediction.Logit, 0.01);
        var engine = setting.Engine(kind);
        using var trained = setting.Stepper(engine);
        setting.Step(trained, 0, 10, apply: true);
        var weights = NetworkWeights.From(trained.Model);

        using var again = engine.CreateStepper(weights);
        again.LearningRate = setting.LearningRate;

        var (next, expected) = (setting.Step(again, 10, 5, apply: true), setting.Step(trained, 10, 5, apply: true));
        Assert.Equal(expected.Results, next.Results);
        Assert.Equal(Values(trained), Values(again));
        var narrower = setting with { Hidden = [7, .. setting.Hidden[1..]] };
        Assert.Throws<ArgumentException>(() => narrower.Engine(kind).CreateStepper(weights));

        static double[] Values(IStepper stepper) => [.. NetworkWeights.From(stepper.Model).Parameters.SelectMany(p => p.Values)];
    }

    [Theory]
    [InlineData(ProbeEngineKind.RankOne)]
    [InlineData(ProbeEngineKind.DeltaForward)]
    [InlineData(ProbeEngineKind.FullForward)]
    public void Engine_leaves_no_tensor_behind(ProbeEngineKind kind)
    {
        LiveTensors.AssertSteady(blocks => Work(kind, blocks));
    }

    private static int[] Hidden(ProbeEngineKind kind) => kind == ProbeEngineKind.RankOne ? [14] : [8, 6];

    // How many tensors live while the engine does.
    private static long Work(ProbeEngineKind kind, int blocks)
    {
        foreach (var loss in new[] { Loss.Bce, Loss.CrossEntropy })
        {
            var setting = new EngineCase(Hidden(kind), Activation.Gelu, Bias: true, loss, Prediction.Probability, 0.01);
            var engine = setting.Engine(kind);
            using var stepper = setting.Stepper(engine);
            using var shard = setting.Shard(engine, stepper);
            for (var b = 0; b < blocks; b++)
            {
                shard.Perturb(setting.Step(stepper, 0, 5, apply: true).Updates);
                shard.Perturb(setting.Step(stepper, 5, 5, apply: false).Updates);
                stepper.KernelDiagonal(Arrays.Row(setting.Features, 0, EngineCase.Inputs), 1);
                stepper.TrainMiniBatch(setting.Features, setting.Labels, 0.01);
                shard.Load(NetworkWeights.From(stepper.Model));
            }

            var nothing = new double[EngineCase.Inputs];
            Array.Fill(nothing, double.NaN);
            Assert.Throws<NonFiniteLossException>(() => stepper.Step(nothing, [1], apply: true));
            if (loss == Loss.CrossEntropy)
                return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }

        return 0;
    }

    // The sum over all parameters of (d(v . f)/dw)^2, v the unit loss gradient by the outputs, or 1 for one output.
    private static double SquaredGradient(IStepper stepper, EngineCase setting, double[] x, double label)
    {
        using var scope = NewDisposeScope();
        var output = stepper.Model.forward(tensor(x, 1, x.Length));
        var direction = ones_like(output);
        if (setting.Outputs > 1)
        {
            var leaf = output.detach().requires_grad_();
            MeanLoss(setting.Loss, leaf, [label]).backward();
            direction = leaf.grad!.div(leaf.grad!.norm());
        }

        var gradients = autograd.grad([output.mul(direction).sum()], [.. stepper.Model.parameters()]);
        return gradients.Sum(g => g.square().sum().item<double>());
    }

    private static double AutogradStep(IStepper stepper, Loss kind, double[] features, double[] labels, double rate)
    {
        using var scope = NewDisposeScope();
        var parameters = stepper.Model.parameters().ToArray();
        var loss = MeanLoss(kind, stepper.Model.forward(tensor(features, labels.Length, features.Length / labels.Length)), labels);
        var gradients = autograd.grad([loss], parameters);
        using var noGrad = no_grad();
        foreach (var (parameter, gradient) in parameters.Zip(gradients))
            parameter.sub_(gradient.mul(rate));
        return loss.item<double>();
    }

    private static Tensor MeanLoss(Loss loss, Tensor outputs, double[] labels) => loss switch
    {
        Loss.Mse => nn.functional.mse_loss(outputs, tensor(labels, labels.Length, 1)),
        Loss.Bce => nn.functional.binary_cross_entropy_with_logits(outputs, tensor(labels, labels.Length, 1)),
        _ => nn.functional.cross_entropy(outputs, tensor(Array.ConvertAll(labels, y => (long)y))),
    };
}

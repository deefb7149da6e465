using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>
/// A cnn on images of 2 x 11 x 10, whose first pooling leaves out a row, or a resnet-mlp, with a loss and a learning rate, and samples
/// and probes that follow from a seed.
/// </summary>
internal sealed record LayeredCase(
    NetworkKind Kind, Activation Activation, bool Bias, Loss Loss, Prediction Prediction, double LearningRate)
{
    public const int Samples = 24;
    public const int Probes = 10;

    private static readonly (Loss Loss, Prediction Prediction)[] Losses =
    [
        (Loss.Mse, Prediction.Logit), (Loss.Bce, Prediction.Probability), (Loss.Bce, Prediction.Logit),
        (Loss.CrossEntropy, Prediction.Logit),
    ];

    private static readonly double[] Images = EngineCase.Uniform(Samples * 220, stream: 2);
    private static readonly double[] Points = EngineCase.Uniform(Samples * 12, stream: 2);

    private static readonly Lazy<Dictionary<string, LayeredCase>> ByName = new(() => Enumerate().ToDictionary(c => c.ToString()));

    private readonly EngineCase _labels = new([], Activation.Identity, Bias: true, Loss, Prediction, LearningRate);

    public static TheoryData<string> Names => [.. ByName.Value.Keys];

    public static TheoryData<NetworkKind> Kinds => [NetworkKind.Cnn, NetworkKind.ResnetMlp];

    public NetworkSpec Network => Kind == NetworkKind.Cnn
        ? new NetworkSpec(Kind, Inputs, [5], _labels.Outputs, Activation, Bias) { Convolutions = new(new ImageShape(2, 11, 10), [3, 4], 3) }
        : new NetworkSpec(Kind, Inputs, [8, 8], _labels.Outputs, Activation, Bias);

    public int Inputs => Kind == NetworkKind.Cnn ? 220 : 12;

    public int Outputs => _labels.Outputs;

    /// <summary>Samples x d in [-1, 1]; the first <see cref="Probes"/> rows are the probes too.</summary>
    public double[] Features => Kind == NetworkKind.Cnn ? Images : Points;

    public double[] Labels => _labels.Labels;

    public double[] ProbeFeatures => Features[..(Probes * Inputs)];

    public static LayeredCase Named(string name) => ByName.Value[name];

    public static LayeredCase Of(NetworkKind kind, Activation activation = Activation.Gelu, Loss loss = Loss.Mse) =>
        new(kind, activation, Bias: true, loss, Prediction.Logit, 0.02);

    public IProbeEngine Engine(ProbeEngineKind kind) => ProbeEngine.Create(kind, Network, new LossFunction(Loss, Prediction), torch.CPU, seed: 11);

    public IStepper Stepper(IProbeEngine engine)
    {
        var stepper = engine.CreateStepper();
        stepper.LearningRate = LearningRate;
        return stepper;
    }

    public IProbeShard Shard(IProbeEngine engine, IStepper stepper) => Shard(engine, stepper, 0, Probes);

    public IProbeShard Shard(IProbeEngine engine, IStepper stepper, int start, int count)
    {
        var shard = engine.CreateShard(ProbeFeatures.AsSpan(start * Inputs, count * Inputs), count);
        shard.Load(NetworkWeights.From(stepper.Model));
        return shard;
    }

    /// <summary>The shard that other devices than the CPU have.</summary>
    public TorchDeltaForwardShard TorchShard(IStepper stepper, int start, int count, long? chunkValues = null)
    {
        var (loss, features) = (new LossFunction(Loss, Prediction), ProbeFeatures[(start * Inputs)..((start + count) * Inputs)]);
        var shard = chunkValues is { } values
            ? new TorchDeltaForwardShard(Network, loss, torch.CPU, features, count, values)
            : new TorchDeltaForwardShard(Network, loss, torch.CPU, features, count);
        shard.Load(NetworkWeights.From(stepper.Model));
        return shard;
    }

    public SteppedBlock Step(IStepper stepper, int start, int count, bool apply) =>
        stepper.Step(Features.AsSpan(start * Inputs, count * Inputs), Labels.AsSpan(start, count), apply);

    public override string ToString() => FormattableString.Invariant(
        $"{Network} {Loss}{(Loss == Loss.Bce ? $" of the {Prediction}" : "")} at {LearningRate:0e-0}").ToLowerInvariant();

    private static IEnumerable<LayeredCase> Enumerate()
    {
        foreach (var kind in new[] { NetworkKind.Cnn, NetworkKind.ResnetMlp })
        {
            foreach (var (loss, prediction) in Losses)
            {
                foreach (var activation in Enum.GetValues<Activation>())
                {
                    yield return new LayeredCase(kind, activation, Bias: true, loss, prediction, 0.1);
                    yield return new LayeredCase(kind, activation, Bias: false, loss, prediction, 1e-3);
                    yield return new LayeredCase(kind, activation, Bias: true, loss, prediction, 1e-6);
                }
            }
        }
    }
}

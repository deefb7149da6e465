using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Probing.RankOne;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>Which stepper and which shard.</summary>
internal enum CarriedHalves
{
    RankOne,
    RankOneClosed,
    RankOneBehind,
    DeltaForward,
    DeltaForwardOnTorch,
    FullForward,
    FullForwardByModule,
}

/// <summary>A stepper and a shard whose state is captured, with samples that follow from a seed; all of them are probes.</summary>
internal sealed record CarriedCase(CarriedHalves Halves, NetworkSpec Network, Loss Loss, Prediction Prediction)
{
    /// <summary>More than a tile of them.</summary>
    public const int Probes = 70;

    private static readonly Lazy<Dictionary<string, CarriedCase>> ByName = new(() => Enumerate().ToDictionary(c => c.ToString()));

    private readonly IProbeEngine _engine = CreateEngine(Halves, Network, new LossFunction(Loss, Prediction));

    public static TheoryData<string> Names => [.. ByName.Value.Keys];

    /// <summary>One of every stepper and every shard.</summary>
    public static IEnumerable<CarriedCase> Representatives { get; } =
    [
        .. ByName.Value.Values.GroupBy(c => (c.Halves, c.Network.Kind, c.Network.Hidden.Count, c.Network.Hidden is [> RankOneEngine.DoublePrecisionUnits]))
            .Select(g => g.First(c => c.Network.Bias && c.Prediction == Prediction.Probability)),
    ];

    public bool Closes => Halves is CarriedHalves.RankOneClosed or CarriedHalves.RankOneBehind;

    public bool IsBehind => Halves == CarriedHalves.RankOneBehind;

    /// <summary>Probes x d in [-1, 1].</summary>
    public double[] Features { get; } = EngineCase.Uniform(Probes * Network.Inputs, stream: 5);

    public static CarriedCase Named(string name) => ByName.Value[name];

    public double Label(int probe) => Loss switch
    {
        Loss.Mse => (probe % 2) - (0.1 * (probe % 3)),
        Loss.Bce => probe % 5 == 4 ? 0.3 : probe % 2,
        _ => probe % 3,
    };

    public double[] FeaturesOf(int[] probes) =>
        [.. probes.SelectMany(p => Features[(p * Network.Inputs)..((p + 1) * Network.Inputs)])];

    public IStepper Stepper()
    {
        var stepper = _engine.CreateStepper();
        // Below 2 / K(x, x) of the wide networks: otherwise what is compared would soon be NaN.
        stepper.LearningRate = 0.002;
        return stepper;
    }

    public IProbeShard Shard() => Shard(Probes);

    public IProbeShard Shard(int probes)
    {
        var features = Features.AsSpan(0, probes * Network.Inputs);
        return Halves == CarriedHalves.DeltaForwardOnTorch
            ? new TorchDeltaForwardShard(Network, new LossFunction(Loss, Prediction), torch.CPU, features, probes)
            : _engine.CreateShard(features, probes);
    }

    public override string ToString() => FormattableString.Invariant($"{Halves}: {Network} {Loss} of the {Prediction}").ToLowerInvariant();

    private static IProbeEngine CreateEngine(CarriedHalves halves, NetworkSpec network, LossFunction loss) => halves switch
    {
        CarriedHalves.DeltaForward or CarriedHalves.DeltaForwardOnTorch => new DeltaForwardEngine(network, loss, torch.CPU, seed: 11),
        CarriedHalves.FullForward => new FullForwardEngine(network, loss, torch.CPU, seed: 11),
        CarriedHalves.FullForwardByModule => new FullForwardEngine(
            () => network.IsLayered ? new LayeredNetwork(network, torch.CPU, 11) : new FullyConnectedNetwork(network, torch.CPU, 11), network.Outputs, loss, torch.CPU),
        _ => new RankOneEngine(network, loss, torch.CPU, seed: 11),
    };

    private static IEnumerable<CarriedCase> Enumerate()
    {
        foreach (var (loss, prediction) in new[] { (Loss.Mse, Prediction.Logit), (Loss.Bce, Prediction.Probability), (Loss.CrossEntropy, Prediction.Probability) })
        {
            foreach (var bias in new[] { true, false })
            {
                foreach (var network in Networks(loss == Loss.CrossEntropy ? 3 : 1, bias))
                {
                    foreach (var halves in Enum.GetValues<CarriedHalves>().Where(h => IsFor(h, network)))
                        yield return new CarriedCase(halves, network, loss, prediction);
                }
            }
        }
    }

    private static bool IsFor(CarriedHalves halves, NetworkSpec network) => halves switch
    {
        CarriedHalves.RankOne => RankOneEngine.Supports(network),
        CarriedHalves.RankOneClosed or CarriedHalves.RankOneBehind => network.Hidden is [> RankOneEngine.DoublePrecisionUnits],
        _ => network.Hidden is not [> RankOneEngine.DoublePrecisionUnits],
    };

    private static IEnumerable<NetworkSpec> Networks(int outputs, bool bias)
    {
        const int inputs = 12;
        yield return new NetworkSpec(NetworkKind.Linear, inputs, [], outputs, Activation.Identity, bias);
        // The one that keeps something beside the pre-activations is a matter of its own, whatever the loss.
        Activation[] activations = outputs == 1 && bias ? [Activation.Relu, Activation.Tanh, Activation.Gelu] : [Activation.Relu, Activation.Tanh];
        foreach (var activation in activations)
        {
            yield return new NetworkSpec(NetworkKind.Mlp, inputs, [9], outputs, activation, bias);
            yield return new NetworkSpec(NetworkKind.Mlp, inputs, [RankOneEngine.DoublePrecisionUnits + 5], outputs, activation, bias);
            yield return new NetworkSpec(NetworkKind.Mlp, inputs, [8, 6, 5], outputs, activation, bias);
            yield return new NetworkSpec(NetworkKind.ResnetMlp, inputs, [8, 8], outputs, activation, bias);
            yield return new NetworkSpec(NetworkKind.Cnn, 110, [5], outputs, activation, bias) { Convolutions = new(new ImageShape(1, 11, 10), [2, 3], 3) };
        }
    }
}

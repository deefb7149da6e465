using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>A network, a loss and a learning rate, with samples and probes that follow from a seed.</summary>
internal sealed record EngineCase(
    int[] Hidden, Activation Activation, bool Bias, Loss Loss, Prediction Prediction, double LearningRate)
{
    public const int Inputs = 12;
    public const int Samples = 24;
    public const int Probes = 10;

    private static readonly (Loss Loss, Prediction Prediction)[] Losses =
    [
        (Loss.Mse, Prediction.Logit), (Loss.Bce, Prediction.Probability), (Loss.Bce, Prediction.Logit),
        (Loss.CrossEntropy, Prediction.Logit),
    ];

    private static readonly Lazy<Dictionary<string, EngineCase>> ByName = new(() => Enumerate().ToDictionary(c => c.ToString()));

    public static TheoryData<string> Names => [.. ByName.Value.Keys];

    /// <summary>The networks with one hidden layer or none.</summary>
    public static TheoryData<string> ShallowNames => [.. ByName.Value.Where(c => c.Value.Hidden.Length <= 1).Select(c => c.Key)];

    public int Outputs => Loss == Loss.CrossEntropy ? 3 : 1;

    public NetworkSpec Network => new(
        Hidden.Length == 0 ? NetworkKind.Linear : NetworkKind.Mlp, Inputs, Hidden, Outputs, Activation, Bias);

    public LossFunction LossFunction => new(Loss, Prediction);

    /// <summary>Samples x d in [-1, 1]; the first <see cref="Probes"/> rows are the probes too.</summary>
    public double[] Features { get; } = Uniform(Samples * Inputs, stream: 1);

    public double[] Labels => [.. Enumerable.Range(0, Samples).Select(i => Loss switch
    {
        Loss.Mse => (i % 2) - (0.1 * (i % 3)),
        Loss.Bce => i % 5 == 4 ? 0.3 : i % 2,
        _ => i % 3,
    })];

    public double[] ProbeFeatures => Features[..(Probes * Inputs)];

    public static EngineCase Named(string name) => ByName.Value[name];

    public IProbeEngine Engine(ProbeEngineKind kind) => ProbeEngine.Create(kind, Network, LossFunction, torch.CPU, seed: 11);

    public IStepper Stepper(IProbeEngine engine)
    {
        var stepper = engine.CreateStepper();
        stepper.LearningRate = LearningRate;
        return stepper;
    }

    public IProbeShard Shard(IProbeEngine engine, IStepper stepper)
    {
        var shard = engine.CreateShard(ProbeFeatures, Probes);
        shard.Load(NetworkWeights.From(stepper.Model));
        return shard;
    }

    public SteppedBlock Step(IStepper stepper, int start, int count, bool apply) =>
        stepper.Step(Features.AsSpan(start * Inputs, count * Inputs), Labels.AsSpan(start, count), apply);

    public override string ToString() => FormattableString.Invariant(
        $"{Network} {Loss}{(Loss == Loss.Bce ? $" of the {Prediction}" : "")} at {LearningRate:0e-0}").ToLowerInvariant();

    public static double[] Uniform(int count, long stream)
    {
        var random = new SeededRandom(3, stream);
        return [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextDouble()) - 1)];
    }

    private static IEnumerable<EngineCase> Enumerate()
    {
        int[][] depths = [[9], [8, 6], [7, 6, 5]];
        foreach (var (loss, prediction) in Losses)
        {
            foreach (var bias in new[] { true, false })
            {
                foreach (var rate in new[] { 1e-6, 1e-3, 0.1 })
                    yield return new EngineCase([], Activation.Identity, bias, loss, prediction, rate);
                foreach (var activation in Enum.GetValues<Activation>())
                {
                    foreach (var hidden in depths)
                        yield return new EngineCase(hidden, activation, bias, loss, prediction, hidden.Length == 2 ? 0.1 : 1e-3);
                }
            }

            foreach (var activation in Enum.GetValues<Activation>())
                yield return new EngineCase([8, 6], activation, Bias: true, loss, prediction, 1e-6);
        }
    }
}

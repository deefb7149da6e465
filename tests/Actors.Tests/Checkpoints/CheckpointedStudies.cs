using ElasticityStream.Actors.Studies;
using ElasticityStream.Actors.Tests.Studies;
using ElasticityStream.Compute.Clustering;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Probing.RankOne;
using ElasticityStream.Compute.Similarity;
using ElasticityStream.Compute.Training;
using ElasticityStream.Streams;

namespace ElasticityStream.Actors.Tests.Checkpoints;

/// <summary>Small studies of every engine and protocol, each with all that a checkpoint has to carry.</summary>
internal static class CheckpointedStudies
{
    private const int Wide = RankOneEngine.DoublePrecisionUnits + 30;

    private static readonly Dictionary<string, Func<Task<StudyPlan>>> All = new(StringComparer.Ordinal)
    {
        ["linear"] = () => PlanAsync(ProbeEngineKind.Auto, NetworkKind.Linear, []),
        ["rank-one, double"] = () => PlanAsync(ProbeEngineKind.RankOne, NetworkKind.Mlp, [16]),
        ["rank-one, open"] = () => PlanAsync(ProbeEngineKind.RankOne, NetworkKind.Mlp, [Wide]),
        ["rank-one, closed"] = async () => await PlanAsync(ProbeEngineKind.RankOne, NetworkKind.Mlp, [Wide], auxiliary: 0) with { TrainsOnProbesOnly = true },
        ["rank-one, closed, three outputs"] = async () =>
            await PlanAsync(ProbeEngineKind.RankOne, NetworkKind.Mlp, [Wide], Loss.CrossEntropy) with { TrainsOnProbesOnly = true },
        ["rank-one, probability"] = () => PlanAsync(ProbeEngineKind.RankOne, NetworkKind.Mlp, [20], Loss.Bce),
        ["delta-forward"] = () => PlanAsync(ProbeEngineKind.DeltaForward, NetworkKind.Mlp, [12, 9]),
        ["delta-forward, cnn"] = () => PlanAsync(ProbeEngineKind.DeltaForward, NetworkKind.Cnn, [6]),
        ["delta-forward, resnet-mlp"] = () => PlanAsync(ProbeEngineKind.DeltaForward, NetworkKind.ResnetMlp, [8, 8], Loss.Bce),
        ["full-forward"] = () => PlanAsync(ProbeEngineKind.FullForward, NetworkKind.Mlp, [12, 9]),
        ["full-forward, unknown module"] = async () => StudyFixture.OfUnknownModule(await PlanAsync(ProbeEngineKind.FullForward, NetworkKind.Mlp, [16])),
        ["sweep"] = async () => await PlanAsync(ProbeEngineKind.RankOne, NetworkKind.Mlp, [16]) with
        {
            Protocol = Protocol.Sweep,
            TotalSteps = 0,
            RowsFromSweeps = true,
            SweepEvery = null,
        },
        ["in the order of the source"] = async () =>
        {
            var plan = await PlanAsync(ProbeEngineKind.DeltaForward, NetworkKind.Mlp, [12, 9]);
            return plan with { Stream = plan.Stream with { Shuffle = false }, Pretraining = plan.Pretraining! with { Shuffle = false } };
        },
    };

    public static TheoryData<string> Names => [.. All.Keys];

    public static Task<StudyPlan> PlanAsync(string name) => All[name]();

    private static async Task<StudyPlan> PlanAsync(
        ProbeEngineKind engine, NetworkKind kind, int[] hidden, Loss loss = Loss.Mse, int auxiliary = 9)
    {
        const int Side = 10;
        var isImage = kind == NetworkKind.Cnn;
        var points = new PointSource(primaryPerClass: 10, auxiliary, features: isImage ? Side * Side : 6);
        var source = isImage ? new PointSource(points.Samples, points.Schema with { FeatureShape = [Side, Side] }) : points;
        if (loss == Loss.CrossEntropy)
            source = source.AsClassifier();
        var network = new NetworkSpec(
            kind, source.Schema.FeatureCount, hidden, loss == Loss.CrossEntropy ? 3 : 1, kind == NetworkKind.Linear ? Activation.Identity : Activation.Relu, Bias: true)
        {
            Convolutions = isImage ? new ConvolutionSpec(ImageShape.Of(source.Schema.FeatureShape)!, [2, 3], 3) : null,
        };
        var plan = await StudyFixture.PlanAsync(source, engine, network, loss, loss == Loss.Bce ? Prediction.Probability : Prediction.Logit);
        return plan with
        {
            Stream = plan.Stream with { Passes = 3, BlockSize = 7 },
            TotalSteps = 3 * source.Schema.Count,
            Pretraining = new TrainingStreamOptions { Passes = 2, BlockSize = 5 },
            LearningRate = null,
            RebaseEvery = 40,
            SweepEvery = 25,
            ClusterEvery = 10,
            RecordEvery = 10,
            Window = 12,
            RowUpdate = RowUpdate.Mean,
            ClusteringMethods = [ClusteringMethod.KMeans, ClusteringMethod.KernelKMeans, ClusteringMethod.Spectral],
        };
    }
}

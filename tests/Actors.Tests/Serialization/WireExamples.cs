using ElasticityStream.Actors.Accumulation;
using ElasticityStream.Actors.Messages;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Actors.Tests.Serialization;

/// <summary>
/// One message of every shape that is on the wire, each under the name of its golden file: the manifest, and what tells the shapes
/// of one manifest apart.
/// </summary>
internal static class WireExamples
{
    private static readonly NetworkWeights Weights = new(
        [new ParameterArray("layer1.weight", [1, 3], [0.5, -0.25, 1e-300]), new ParameterArray("layer1.bias", [1], [double.MaxValue])]);

    private const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    public static IReadOnlyDictionary<string, IWireMessage> All { get; } = new Dictionary<string, IWireMessage>
    {
        ["EP"] = new EvaluatorProtocol.LoadProbes([0f, 1f, -1.5f, float.Epsilon], 2),
        ["EW"] = new EvaluatorProtocol.LoadWeights(Weights),
        ["ER-low-rank"] = new EvaluatorProtocol.ProbeRequest(
            7, new LowRankUpdateBlock(2, true, [], [new LayerUpdate([1f, 2f], [3f, 4f, 5f, 6f]), new LayerUpdate([7f, 8f], [9f, 10f])])),
        ["ER-low-rank-outputs"] = new EvaluatorProtocol.ProbeRequest(
            long.MaxValue, new LowRankUpdateBlock(1, false, [0.6, -0.8], [new LayerUpdate([0.5f, 0.25f], [1f])])),
        ["ER-convolutional"] = new EvaluatorProtocol.ProbeRequest(
            8, new ConvolutionalUpdateBlock(2, true, [], [new KernelUpdate([1f, 2f, 3f, 4f], [5f, 6f])], [new LayerUpdate([7f, 8f], [9f, 10f])])),
        ["ER-convolutional-outputs"] = new EvaluatorProtocol.ProbeRequest(
            9, new ConvolutionalUpdateBlock(1, false, [0.8, 0.6], [new KernelUpdate([-0.5f], [])], [new LayerUpdate([0.5f, 0.25f], [1f])])),
        ["ER-snapshots"] = new EvaluatorProtocol.ProbeRequest(1L << 40, new SnapshotUpdateBlock(true, [], [Weights, Weights])),
        ["AS-training"] = new AccumulatorProtocol.StepsTaken(
            3, StepKind.Training, 0.006,
            [
                new StepRecord(96, 1, "mnist/123", 123, SampleRole.Primary, 5, 17, 0.5, 0.25, true, -0.5, 1e-3),
                new StepRecord(97, 1, "größe", 124, SampleRole.Auxiliary, 4, -1, double.NaN, 0, false, 0, double.PositiveInfinity),
            ],
            true),
        ["AS-sweep"] = new AccumulatorProtocol.StepsTaken(4, StepKind.Sweep, 1e-6, [], false),
        ["AS-kernel"] = new AccumulatorProtocol.StepsTaken(
            5, StepKind.Sweep, 1e-6, [new StepRecord(96, 0, "mnist/9", 9, SampleRole.Primary, 1, 0, 0.5, 0.25, true, -0.5, 1e-9)], true,
            [2.5, -0.125, 1e-300]),
        ["AP"] = new AccumulatorProtocol.PerturbationRows(3, 1, new PerturbationBlock(2, 3, [1, -2, 3, double.NaN, -0.0, 6], null)),
        ["AP-outputs"] = new AccumulatorProtocol.PerturbationRows(4, 0, new PerturbationBlock(1, 2, [1, -2], [1.5, 2.5])),
        ["AS-traced"] = new AccumulatorProtocol.StepsTaken(6, StepKind.Training, 0.006, [], true, Trace: TraceParent),
        ["ER-traced"] = new EvaluatorProtocol.ProbeRequest(9, new LowRankUpdateBlock(0, true, [], []), TraceParent),
        ["CS-traced"] = new ClusteringProtocol.SimilaritySnapshot(1000, false, [], TraceParent),
        ["EK"] = new EvaluatorProtocol.Capture(12),
        ["EG"] = new EvaluatorProtocol.Restore(new CarriedState(
            [new CarriedArray("z", new[] { 0.5f, float.NaN }), new CarriedArray("outputs", new[] { -0.0, 1e-300 }), new CarriedArray("rows", new[] { -1, 7 })])),
        ["AK"] = new AccumulatorProtocol.Capture(12, 300),
        ["KS"] = new CheckpointProtocol.ShardCaptured(12, 1, new CarriedState([new CarriedArray("counts", new[] { long.MinValue, 3L }), new CarriedArray("none", Array.Empty<float>())])),
        ["TA"] = new TrainerProtocol.RequestAccumulated(300),
        ["TL"] = new TrainerProtocol.WeightsLoaded(2),
        ["TP"] = new TrainerProtocol.PreActivations(64, 1, [0.5f, -1.5f, float.MaxValue]),
        ["EC"] = new EvaluatorProtocol.CloseProbes([0.5f, -0.5f]),
        ["ER-low-rank-probes"] = new EvaluatorProtocol.ProbeRequest(
            8, new LowRankUpdateBlock(2, true, [], [new LayerUpdate([1f, 2f], [3f, 4f]), new LayerUpdate([5f, 6f], [7f, 8f])], [3, 99])),
        ["EA"] = new EvaluatorProtocol.ReadPreActivations(64, [0, 499, 17]),
        ["CS"] = new ClusteringProtocol.SimilaritySnapshot(
            1000, true,
            [
                new MeasuredSimilarity(SimilarityMeasure.Relative, [0, 3], [2, 1], [1, 0.5, 0.25, 1]),
                new MeasuredSimilarity(SimilarityMeasure.Kernelized, [], [], []),
            ]),
    };

    public static string ManifestOf(string name) => name[..2];
}

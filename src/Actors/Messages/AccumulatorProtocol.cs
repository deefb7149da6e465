using ElasticityStream.Actors.Accumulation;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Compute.Probing;
using MessagePack;

namespace ElasticityStream.Actors.Messages;

/// <summary>What the accumulator is sent by the trainer, the evaluators and the study.</summary>
public static class AccumulatorProtocol
{
    /// <summary>What the trainer knows of the steps of one probe request.</summary>
    /// <param name="Sequence">The request's number.</param>
    /// <param name="Kind">Whether the steps were real or those of a sweep.</param>
    /// <param name="LearningRate">eta.</param>
    /// <param name="Steps">One record a step, in order.</param>
    /// <param name="EndsUnit">Whether this is the last request of its block or sweep.</param>
    /// <param name="KernelRows">
    /// In a sweep the rows of the neural tangent kernel at the steps' probes, steps x n, row-major; null where it is not computed.
    /// </param>
    /// <param name="Trace">The trace context of the block; null where it is not sampled.</param>
    [MessagePackObject]
    public sealed record StepsTaken(
        [property: Key(0)] long Sequence,
        [property: Key(1)] StepKind Kind,
        [property: Key(2)] double LearningRate,
        [property: Key(3)] StepRecord[] Steps,
        [property: Key(4)] bool EndsUnit,
        [property: Key(5)] double[]? KernelRows = null,
        [property: Key(6)] string? Trace = null) : IWireMessage;

    /// <summary>The perturbations of one probe request at one shard.</summary>
    /// <param name="Sequence">The request's number.</param>
    /// <param name="Shard">Which evaluator's, 0, 1, ….</param>
    /// <param name="Perturbations">B x n of the shard.</param>
    [MessagePackObject]
    public sealed record PerturbationRows(
        [property: Key(0)] long Sequence,
        [property: Key(1)] int Shard,
        [property: Key(2)] PerturbationBlock Perturbations) : IWireMessage;

    /// <summary>
    /// Asks for what the accumulator carries when every request before one is accumulated. It goes to the checkpoints, as
    /// <see cref="CheckpointProtocol.AccumulatorCaptured"/>.
    /// </summary>
    /// <param name="Number">The capture's number.</param>
    /// <param name="BeforeRequest">The number of the first request that is not part of it.</param>
    [MessagePackObject]
    public sealed record Capture([property: Key(0)] long Number, [property: Key(1)] long BeforeRequest) : IWireMessage;

    /// <summary>Clusters what has been measured and reports everything. Sent when nothing is in flight; answered by <see cref="StudyMeasurements"/>.</summary>
    public sealed record Complete : ILocalMessage;

    /// <summary>Makes pictures of the matrices as they stand, for <see cref="Telemetry.SimilarityTap"/>.</summary>
    public sealed record DrawSimilarity : ILocalMessage;
}

using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using MessagePack;

namespace ElasticityStream.Actors.Messages;

/// <summary>What an evaluator is told by the trainer, in the order in which it is to be done.</summary>
public static class EvaluatorProtocol
{
    /// <summary>The shard of the probes that the evaluator is to observe.</summary>
    /// <param name="Features">n x d, row-major.</param>
    /// <param name="Count">n.</param>
    [MessagePackObject]
    public sealed record LoadProbes([property: Key(0)] float[] Features, [property: Key(1)] int Count) : IWireMessage;

    /// <summary>
    /// The weights to recompute everything carried from: at the start and at rebase points. Answered by <see cref="TrainerProtocol.WeightsLoaded"/>.
    /// </summary>
    /// <param name="Weights">All parameters.</param>
    [MessagePackObject]
    public sealed record LoadWeights([property: Key(0)] NetworkWeights Weights) : IWireMessage;

    /// <summary>Steps whose perturbations are wanted. They go to the accumulator, as <see cref="AccumulatorProtocol.PerturbationRows"/>.</summary>
    /// <param name="Sequence">0, 1, 2, … over the study.</param>
    /// <param name="Updates">The steps' weight updates.</param>
    /// <param name="Trace">The trace context of their block; null where it is not sampled.</param>
    [MessagePackObject]
    public sealed record ProbeRequest(
        [property: Key(0)] long Sequence, [property: Key(1)] UpdateBlock Updates, [property: Key(2)] string? Trace = null) : IWireMessage;

    /// <summary>
    /// What the evaluator is to go on from, in place of <see cref="LoadWeights"/>. Answered by <see cref="TrainerProtocol.WeightsLoaded"/>.
    /// </summary>
    /// <param name="Carried">What an evaluator of the same shard captured.</param>
    [MessagePackObject]
    public sealed record Restore([property: Key(0)] CarriedState Carried) : IWireMessage;

    /// <summary>Asks for what the evaluator carries. It goes to the checkpoints, as <see cref="CheckpointProtocol.ShardCaptured"/>.</summary>
    /// <param name="Number">The capture's number.</param>
    [MessagePackObject]
    public sealed record Capture([property: Key(0)] long Number) : IWireMessage;

    /// <summary>All probes of the study, where every sample that is trained on is one of them.</summary>
    /// <param name="Features">n x d, row-major.</param>
    [MessagePackObject]
    public sealed record CloseProbes([property: Key(0)] float[] Features) : IWireMessage;

    /// <summary>
    /// Probes whose pre-activations the trainer needs, at the weights after every request sent before. Answered by
    /// <see cref="TrainerProtocol.PreActivations"/>.
    /// </summary>
    /// <param name="Label">What they are for: the first step of a block, or a negative number for a part of a sweep.</param>
    /// <param name="Probes">m indices within the shard.</param>
    [MessagePackObject]
    public sealed record ReadPreActivations([property: Key(0)] long Label, [property: Key(1)] int[] Probes) : IWireMessage;
}

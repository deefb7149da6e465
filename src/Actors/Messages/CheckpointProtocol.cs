using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Streams;
using MessagePack;

namespace ElasticityStream.Actors.Messages;

/// <summary>The parts of checkpoints, and what the study asks of whoever puts them together. The captures of a trainer are numbered 0, 1, 2, ….</summary>
public static class CheckpointProtocol
{
    /// <summary>What the trainer carries at a block boundary.</summary>
    /// <param name="Capture">The capture's number.</param>
    /// <param name="Save">Whether the checkpoint is to be saved; otherwise it is kept in memory only.</param>
    /// <param name="Place">Where the study is.</param>
    /// <param name="State">What is small.</param>
    /// <param name="Arrays">What is not.</param>
    public sealed record TrainerCaptured(long Capture, bool Save, CheckpointPlace Place, TrainerState State, CarriedState Arrays) : ILocalMessage;

    /// <summary>What an evaluator carries after all steps before the capture, and none after.</summary>
    /// <param name="Capture">The capture's number.</param>
    /// <param name="Shard">Which evaluator's, 0, 1, ….</param>
    /// <param name="Arrays">Its arrays.</param>
    [MessagePackObject]
    public sealed record ShardCaptured(
        [property: Key(0)] long Capture, [property: Key(1)] int Shard, [property: Key(2)] CarriedState Arrays) : IWireMessage;

    /// <summary>What the accumulator carries after the same steps.</summary>
    /// <param name="Capture">The capture's number.</param>
    /// <param name="State">What is small.</param>
    /// <param name="Arrays">Matrices and sums.</param>
    /// <param name="Clustering">The matrices that are being clustered.</param>
    /// <param name="Recorded">How much is recorded of these steps.</param>
    public sealed record AccumulatorCaptured(
        long Capture, AccumulatorState State, CarriedState Arrays, CarriedState Clustering, RecordingMark Recorded) : ILocalMessage;

    /// <summary>A checkpoint is complete, in memory. To the study.</summary>
    public sealed record Taken(StudyCheckpoint Checkpoint, TrainingPosition Position) : ILocalMessage;

    /// <summary>
    /// The actors that captured anything have stopped: what is not complete never will be, and others go on from the latest checkpoint. Answered by
    /// <see cref="RewindTo"/>.
    /// </summary>
    public sealed record Rewind : ILocalMessage;

    /// <summary>What to go on from.</summary>
    /// <param name="Checkpoint">The latest; null if none was taken.</param>
    public sealed record RewindTo(StudyCheckpoint? Checkpoint) : ILocalMessage;

    /// <summary>Answered by <see cref="Settled"/> when no part is awaited any more and every checkpoint that is to be saved is durable.</summary>
    /// <param name="SaveLatest">Whether the latest is to be saved whatever was said of it.</param>
    public sealed record Settle(bool SaveLatest) : ILocalMessage;

    /// <summary>The process may end.</summary>
    public sealed record Settled : ILocalMessage;
}

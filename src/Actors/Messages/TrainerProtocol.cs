using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Compute.Models;
using ElasticityStream.Streams;
using MessagePack;

namespace ElasticityStream.Actors.Messages;

/// <summary>What the trainer is asked and answers. One question is open at a time.</summary>
public static class TrainerProtocol
{
    /// <summary>Creates the model. Answered by <see cref="Initialised"/>.</summary>
    public sealed record Initialise : ILocalMessage;

    /// <summary>The model exists.</summary>
    /// <param name="Weights">Its initial weights.</param>
    public sealed record Initialised(NetworkWeights Weights) : ILocalMessage;

    /// <summary>One mini-batch before the study. Answered by <see cref="Pretrained"/>.</summary>
    public sealed record Pretrain(SampleBlock Batch) : ILocalMessage;

    /// <summary>A mini-batch is done.</summary>
    /// <param name="MeanLoss">Over its samples, before the step.</param>
    public sealed record Pretrained(double MeanLoss) : ILocalMessage;

    /// <summary>
    /// Fixes the learning rate and gives the evaluators their probes and weights, or what they carried where the study goes on. A sweep that was due
    /// then is taken first. Answered by <see cref="Ready"/>.
    /// </summary>
    public sealed record Begin : ILocalMessage;

    /// <summary>The study can start.</summary>
    /// <param name="LearningRate">eta.</param>
    /// <param name="MeanKernelDiagonal">Mean K_ii over the probes, if eta was chosen from it; otherwise null.</param>
    public sealed record Ready(double LearningRate, double? MeanKernelDiagonal) : ILocalMessage;

    /// <summary>One block of steps. Answered by <see cref="BlockTrained"/> when its last probe request has been sent.</summary>
    /// <param name="Block">The block.</param>
    /// <param name="Next">The block after it, for which preparations can be made; null if it is the last.</param>
    /// <param name="Save">Whether a checkpoint is to be saved after it.</param>
    public sealed record TrainBlock(SampleBlock Block, SampleBlock? Next, bool Save) : ILocalMessage;

    /// <summary>A block is trained; the next may come.</summary>
    /// <param name="Steps">The number of steps done.</param>
    public sealed record BlockTrained(long Steps) : ILocalMessage;

    /// <summary>Takes a checkpoint at the present weights. Answered by <see cref="Captured"/>.</summary>
    /// <param name="Place">Where the study is.</param>
    /// <param name="Save">Whether it is to be saved.</param>
    public sealed record Capture(CheckpointPlace Place, bool Save) : ILocalMessage;

    /// <summary>The trainer's part of a checkpoint is taken, and the others have been asked for theirs.</summary>
    public sealed record Captured : ILocalMessage;

    /// <summary>A sweep over all probes at the present weights. Answered by <see cref="Swept"/>.</summary>
    public sealed record Sweep : ILocalMessage;

    /// <summary>A sweep's requests have been sent.</summary>
    public sealed record Swept : ILocalMessage;

    /// <summary>Ends a sweep that is under way after its next request.</summary>
    public sealed record Interrupt : ILocalMessage;

    /// <summary>
    /// Takes a last checkpoint, unless a sweep was cut short, which the one before it holds as due; then waits until everything that was sent has been
    /// accumulated. Answered by <see cref="Finished"/>.
    /// </summary>
    /// <param name="Place">Where the study is; null where no checkpoint is to be taken.</param>
    public sealed record Finish(CheckpointPlace? Place) : ILocalMessage;

    /// <summary>Nothing is in flight any more.</summary>
    /// <param name="Weights">The final weights.</param>
    /// <param name="Steps">The number of steps done.</param>
    public sealed record Finished(NetworkWeights Weights, long Steps) : ILocalMessage;

    /// <summary>The accumulator's acknowledgement of a request: one more may be in flight.</summary>
    /// <param name="Sequence">The request's number.</param>
    [MessagePackObject]
    public sealed record RequestAccumulated([property: Key(0)] long Sequence) : IWireMessage;

    /// <summary>An evaluator's acknowledgement of <see cref="EvaluatorProtocol.LoadWeights"/>: it holds its probes and these weights.</summary>
    /// <param name="Shard">Which evaluator's, 0, 1, ….</param>
    [MessagePackObject]
    public sealed record WeightsLoaded([property: Key(0)] int Shard) : IWireMessage;

    /// <summary>An evaluator's answer to <see cref="EvaluatorProtocol.ReadPreActivations"/>.</summary>
    /// <param name="Label">What they are for: the first step of a block, or a negative number for a part of a sweep.</param>
    /// <param name="Shard">Which evaluator's, 0, 1, ….</param>
    /// <param name="Values">m x h, row-major.</param>
    [MessagePackObject]
    public sealed record PreActivations(
        [property: Key(0)] long Label, [property: Key(1)] int Shard, [property: Key(2)] float[] Values) : IWireMessage;
}

using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Streams;
using MessagePack;
using MessagePack.Resolvers;

namespace ElasticityStream.Actors.Checkpoints;

/// <summary>What a checkpoint holds beside its arrays: MessagePack maps, whose keys are the names here.</summary>
/// <param name="Version">Of this state and the arrays that belong to it.</param>
/// <param name="Phase">Pre-training or training; a study of the sweep protocol is "training" as well.</param>
/// <param name="Position">The sample to come next, in the order of the phase.</param>
/// <param name="Pretraining">How far the mini-batches are; null in any other phase.</param>
/// <param name="Evaluators">How many shards the probes are split into.</param>
/// <param name="Trainer">Of the trainer.</param>
/// <param name="Accumulator">Of the accumulator and of clustering; null before the first measured step can be taken.</param>
/// <param name="Recorded">How much the recorder held.</param>
public sealed record CheckpointState(
    int Version, StudyPhase Phase, TrainingPosition Position, PretrainingProgress? Pretraining, int Evaluators, TrainerState Trainer,
    AccumulatorState? Accumulator, RecordingMark Recorded)
{
    /// <summary>The version that this program writes, and the only one that it reads.</summary>
    public const int CurrentVersion = 1;

    private static readonly MessagePackSerializerOptions Options = MessagePackSerializerOptions.Standard
        .WithSecurity(MessagePackSecurity.UntrustedData)
        .WithResolver(ContractlessStandardResolver.Instance);

    /// <summary>Serializes the state.</summary>
    public byte[] ToBytes() => MessagePackSerializer.Serialize(this, Options);

    /// <summary>Reads a state.</summary>
    /// <exception cref="StudyFailedException">It is none, or one of another version.</exception>
    public static CheckpointState FromBytes(byte[] bytes)
    {
        CheckpointState? state;
        try
        {
            state = MessagePackSerializer.Deserialize<CheckpointState>(bytes, Options);
        }
        catch (MessagePackSerializationException e)
        {
            throw new StudyFailedException($"The checkpoint's state cannot be read: {(e.InnerException ?? e).Message}", e);
        }

        return state is { Version: CurrentVersion, Position: not null, Trainer: not null, Recorded: not null }
            ? state
            : throw new StudyFailedException($"The checkpoint's state has version {state?.Version}; this program reads version {CurrentVersion}.");
    }
}

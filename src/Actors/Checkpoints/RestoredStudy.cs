using ElasticityStream.Actors.Studies;
using ElasticityStream.Compute.Probing;

namespace ElasticityStream.Actors.Checkpoints;

/// <summary>A checkpoint, read, that actors go on from.</summary>
public sealed class RestoredStudy
{
    private readonly StudyCheckpoint _checkpoint;

    /// <summary>Reads the checkpoint's state.</summary>
    /// <exception cref="StudyFailedException">It cannot be read, or is of another version.</exception>
    public RestoredStudy(StudyCheckpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        _checkpoint = checkpoint;
        State = CheckpointState.FromBytes(checkpoint.State);
    }

    /// <summary>Everything but the arrays.</summary>
    public CheckpointState State { get; }

    /// <summary>The arrays of an actor.</summary>
    /// <exception cref="StudyFailedException">The checkpoint has none.</exception>
    public CarriedState Part(string name) => _checkpoint.Parts.GetValueOrDefault(name)
        ?? throw new StudyFailedException($"The checkpoint at step {_checkpoint.Step} lacks the arrays of '{name}'.");

    /// <summary>The values of one array.</summary>
    /// <exception cref="StudyFailedException">There is none of that name and type.</exception>
    public T[] Values<T>(string part, string name) => Part(part).Arrays.FirstOrDefault(a => a.Name == name)?.Values as T[]
        ?? throw new StudyFailedException($"The checkpoint at step {_checkpoint.Step} lacks the array '{name}' of '{part}'.");
}

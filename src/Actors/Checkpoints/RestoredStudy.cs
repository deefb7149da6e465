using ElasticityStream.Actors.Studies;
using ElasticityStream.Compute.Models;
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

    /// <summary>The weights of the model at the checkpoint.</summary>
    /// <param name="plan">Of the study that took it, or of a sweep of the same model over the same samples.</param>
    /// <exception cref="ArgumentException">The checkpoint is that of another model.</exception>
    public NetworkWeights Weights(StudyPlan plan)
    {
        using var stepper = plan.Engine.CreateStepper();
        // In the closed form the weights are what the steps at each probe have added.
        if (plan.TrainsOnProbesOnly && plan.Engine.CanClose && State.Phase == StudyPhase.Training)
            ((IClosedStepper)stepper).Close(plan.Probes.Features());
        stepper.Restore(Stepper);
        return NetworkWeights.From(stepper.Model);
    }

    /// <summary>The arrays of an actor.</summary>
    /// <exception cref="StudyFailedException">The checkpoint has none.</exception>
    public CarriedState Part(string name) => _checkpoint.Parts.GetValueOrDefault(name)
        ?? throw new StudyFailedException($"The checkpoint at step {_checkpoint.Step} lacks the arrays of '{name}'.");

    /// <summary>The arrays of the trainer's stepper.</summary>
    public CarriedState Stepper => new([.. Part(CheckpointParts.Trainer).Arrays.Where(a => a.Name != CheckpointParts.HandedOver)]);

    /// <summary>The values of one array.</summary>
    /// <exception cref="StudyFailedException">There is none of that name and type.</exception>
    public T[] Values<T>(string part, string name) => Part(part).Arrays.FirstOrDefault(a => a.Name == name)?.Values as T[]
        ?? throw new StudyFailedException($"The checkpoint at step {_checkpoint.Step} lacks the array '{name}' of '{part}'.");
}

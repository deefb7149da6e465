using ElasticityStream.Actors.Studies;
using ElasticityStream.Streams;

namespace ElasticityStream.Actors.Checkpoints;

/// <summary>Where in a study a checkpoint is taken.</summary>
/// <param name="Phase">Pre-training, or training.</param>
/// <param name="Position">The sample to come next, in the order of the phase.</param>
/// <param name="Pretraining">How far the mini-batches are; null in any other phase.</param>
public sealed record CheckpointPlace(StudyPhase Phase, TrainingPosition Position, PretrainingProgress? Pretraining)
{
    /// <summary>In training.</summary>
    public static CheckpointPlace InTraining(TrainingPosition position) => new(StudyPhase.Training, position, null);
}

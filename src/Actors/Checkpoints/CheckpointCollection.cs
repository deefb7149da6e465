using ElasticityStream.Actors.Messages;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Compute.Probing;

namespace ElasticityStream.Actors.Checkpoints;

/// <summary>One checkpoint, until every actor's part is there.</summary>
internal sealed class CheckpointCollection(int evaluators)
{
    private readonly CarriedState?[] _shards = new CarriedState?[evaluators];
    private CheckpointProtocol.TrainerCaptured? _trainer;
    private CheckpointProtocol.AccumulatorCaptured? _accumulator;
    private RecordingMark? _recorded;

    public bool Save => _trainer!.Save;

    public CheckpointPlace Place => _trainer!.Place;

    /// <summary>Before the first measured step only the trainer carries anything.</summary>
    public bool IsComplete => _trainer is not null
        && (Place.Phase == StudyPhase.Pretraining || (_accumulator is not null && Array.TrueForAll(_shards, s => s is not null)));

    public void Add(CheckpointProtocol.TrainerCaptured part, RecordingMark recorded) => (_trainer, _recorded) = (part, recorded);

    public void Add(CheckpointProtocol.ShardCaptured part) => _shards[part.Shard] = part.Arrays;

    public void Add(CheckpointProtocol.AccumulatorCaptured part) => _accumulator = part;

    public StudyCheckpoint ToCheckpoint()
    {
        var parts = new Dictionary<string, CarriedState>(StringComparer.Ordinal) { [CheckpointParts.Trainer] = _trainer!.Arrays };
        foreach (var (shard, arrays) in _shards.Index().Where(s => s.Item is not null))
            parts[CheckpointParts.Evaluator(shard)] = arrays!;
        if (_accumulator is not null)
        {
            parts[CheckpointParts.Accumulator] = _accumulator.Arrays;
            parts[CheckpointParts.Clustering] = _accumulator.Clustering;
        }

        var state = new CheckpointState(
            CheckpointState.CurrentVersion, Place.Phase, Place.Position, Place.Pretraining, evaluators, _trainer.State, _accumulator?.State,
            _accumulator?.Recorded ?? _recorded!);
        return new StudyCheckpoint(Place.Phase == StudyPhase.Training ? Place.Position.Step : 0, state.ToBytes(), parts);
    }
}

using System.Collections.Concurrent;
using ElasticityStream.Actors.Checkpoints;

namespace ElasticityStream.Actors.Tests.Checkpoints;

/// <summary>Keeps every checkpoint that is saved, in memory.</summary>
internal sealed class KeptCheckpoints : ICheckpointStore
{
    private readonly ConcurrentQueue<StudyCheckpoint> _saved = new();

    public IReadOnlyCollection<StudyCheckpoint> Saved => _saved;

    /// <summary>Called with each before it is kept.</summary>
    public Action<StudyCheckpoint> OnSave { get; init; } = _ => { };

    /// <summary>Saves one every so many steps.</summary>
    public CheckpointSettings Every(long steps) => new(this, steps, null, TimeProvider.System);

    public long Save(StudyCheckpoint checkpoint)
    {
        OnSave(checkpoint);
        _saved.Enqueue(checkpoint);
        return checkpoint.Parts.Values.Sum(p => p.Bytes);
    }
}

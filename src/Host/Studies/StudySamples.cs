using ElasticityStream.Streams;

namespace ElasticityStream.Host.Studies;

/// <summary>The samples of a study.</summary>
/// <param name="Source">Validated; in memory where the study needs a random order.</param>
/// <param name="Kept">Keeps samples that may have to be read again, of a source that cannot seek; otherwise null.</param>
internal sealed record StudySamples(ISampleSource Source, ReplayBuffer? Kept) : IAsyncDisposable
{
    /// <summary>What is before a position is not read again.</summary>
    public void Release(TrainingPosition position) => Kept?.Release(position.SourcePosition);

    public ValueTask DisposeAsync() => Kept?.DisposeAsync() ?? ValueTask.CompletedTask;
}

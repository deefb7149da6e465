using System.Runtime.CompilerServices;

namespace ElasticityStream.Actors.Tests.Studies;

/// <summary>A source that does what another does, and calls back where a test wants to count or throw.</summary>
internal sealed class ObservedSource(ISampleSource inner) : ISampleSource
{
    public Action OnOpen { get; init; } = () => { };

    /// <summary>Called before each sample with how many this opening has emitted.</summary>
    public Action<int> OnSample { get; init; } = _ => { };

    public Action OnDispose { get; init; } = () => { };

    public SampleSchema Schema => inner.Schema;

    public IAsyncEnumerable<Sample> OpenAsync(long position, CancellationToken cancellationToken)
    {
        OnOpen();
        return EmitAsync(position, cancellationToken);
    }

    private async IAsyncEnumerable<Sample> EmitAsync(long position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var emitted = 0;
        try
        {
            await foreach (var sample in inner.OpenAsync(position, cancellationToken))
            {
                OnSample(emitted++);
                yield return sample;
            }
        }
        finally
        {
            OnDispose();
        }
    }
}

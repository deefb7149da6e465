namespace ElasticityStream.Streams.Tests.Fixtures;

/// <summary>Emits what another source does, and fails when an enumeration is disposed: no iterator does that after it has failed already.</summary>
public sealed class UnclosableSource(ISampleSource source) : ISampleSource
{
    public SampleSchema Schema => source.Schema;

    public IAsyncEnumerable<Sample> OpenAsync(long position, CancellationToken cancellationToken) => new Opening(source.OpenAsync(position, cancellationToken));

    private sealed class Opening(IAsyncEnumerable<Sample> samples) : IAsyncEnumerable<Sample>
    {
        public IAsyncEnumerator<Sample> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            new Enumerator(samples.GetAsyncEnumerator(cancellationToken));
    }

    private sealed class Enumerator(IAsyncEnumerator<Sample> samples) : IAsyncEnumerator<Sample>
    {
        public Sample Current => samples.Current;

        public ValueTask<bool> MoveNextAsync() => samples.MoveNextAsync();

        public ValueTask DisposeAsync() => throw new IOException("cannot close");
    }
}

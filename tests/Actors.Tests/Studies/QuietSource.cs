using System.Runtime.CompilerServices;

namespace ElasticityStream.Actors.Tests.Studies;

/// <summary>A source that never has a sample, and says so when it is asked for the first.</summary>
internal sealed class QuietSource(ISampleSource like, Func<Task> onAsked) : ISampleSource
{
    public SampleSchema Schema => like.Schema;

    public async IAsyncEnumerable<Sample> OpenAsync(long position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await onAsked();
        await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        yield break;
    }
}

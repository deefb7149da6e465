using System.Runtime.CompilerServices;

namespace ElasticityStream.Streams.Tests.Fixtures;

/// <summary>Emits given samples, and counts what is asked of it.</summary>
public sealed class ListSource(IReadOnlyList<Sample> samples, SampleSchema schema) : ISampleSource
{
    private int _emitted;
    private int _opened;
    private int _closed;

    public SampleSchema Schema => schema;

    /// <summary>How many samples were handed out, over all openings.</summary>
    public int Emitted => Volatile.Read(ref _emitted);

    public int Opened => Volatile.Read(ref _opened);

    public int Closed => Volatile.Read(ref _closed);

    /// <summary>Thrown instead of the sample at <see cref="FailAt"/>.</summary>
    public Exception? Failure { get; init; }

    public int FailAt { get; init; }

    /// <summary>Awaited before the sample at <see cref="WaitAt"/>; forever unless cancelled.</summary>
    public int WaitAt { get; init; } = -1;

    public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One feature, one class "a", label 1, ids s0, s1, ….</summary>
    public static ListSource Of(int count) => new([.. Enumerable.Range(0, count).Select(i => SampleAt(i))], OneFeature(count));

    public static SampleSchema OneFeature(long? count) => new() { FeatureShape = [1], Classes = ["a"], Count = count };

    public static Sample SampleAt(long position) =>
        new() { Id = $"s{position}", Position = position, Features = new float[] { position }, Label = 1, Class = "a" };

    public async IAsyncEnumerable<Sample> OpenAsync(long position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _opened);
        try
        {
            foreach (var sample in samples.Where(sample => sample.Position >= position))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Failure is not null && sample.Position == FailAt)
                    throw Failure;
                if (sample.Position == WaitAt)
                {
                    Waiting.SetResult();
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }

                Interlocked.Increment(ref _emitted);
                yield return sample;
            }
        }
        finally
        {
            Interlocked.Increment(ref _closed);
        }
    }
}

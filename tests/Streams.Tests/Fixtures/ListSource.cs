using System.Runtime.CompilerServices;

namespace ElasticityStream.Streams.Tests.Fixtures;

/// <summary>Emits given samples, and counts what is asked of it.</summary>
public sealed class ListSource(IReadOnlyList<Sample> samples, SampleSchema schema) : ISampleSource
{
    public SampleSchema Schema => schema;

    /// <summary>How many samples were handed out, over all openings.</summary>
    public Counter Emitted { get; } = new();

    public Counter Opened { get; } = new();

    public Counter Closed { get; } = new();

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
        Opened.Increment();
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
                    await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
                }

                Emitted.Increment();
                yield return sample;
            }
        }
        finally
        {
            Closed.Increment();
        }
    }
}

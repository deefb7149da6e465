using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace ElasticityStream.Streams.Tests.Fixtures;

/// <summary>Emits what the test says, when it says so, and counts positions from where it is opened: it cannot go back.</summary>
public sealed class LiveSource : ISampleSource
{
    private readonly Channel<object> _given = Channel.CreateUnbounded<object>();
    private readonly List<long> _openings = [];

    public SampleSchema Schema { get; } = ListSource.OneFeature(count: null);

    public bool CanSeek => false;

    /// <summary>Where it was opened.</summary>
    public IReadOnlyList<long> Openings => _openings;

    /// <summary>How often it was asked for a sample.</summary>
    public Counter Asked { get; } = new();

    public Counter Closed { get; } = new();

    public void Emit(int count = 1)
    {
        for (var i = 0; i < count; i++)
            Assert.True(_given.Writer.TryWrite(new NextPosition()));
    }

    /// <summary>Emits a sample whose position is not the next one.</summary>
    public void Emit(Sample sample) => Assert.True(_given.Writer.TryWrite(sample));

    public void Fail(Exception failure) => Assert.True(_given.Writer.TryWrite(failure));

    public void End() => Assert.True(_given.Writer.TryWrite(new TheEnd()));

    public async IAsyncEnumerable<Sample> OpenAsync(long position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _openings.Add(position);
        try
        {
            while (true)
            {
                Asked.Increment();
                switch (await _given.Reader.ReadAsync(cancellationToken))
                {
                    case Exception failure:
                        throw failure;
                    case TheEnd:
                        yield break;
                    case Sample sample:
                        yield return sample;
                        break;
                    default:
                        yield return ListSource.SampleAt(position++);
                        break;
                }
            }
        }
        finally
        {
            Closed.Increment();
        }
    }

    private sealed record NextPosition;

    private sealed record TheEnd;
}

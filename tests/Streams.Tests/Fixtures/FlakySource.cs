using System.Runtime.CompilerServices;

namespace ElasticityStream.Streams.Tests.Fixtures;

/// <summary>Emits samples 0 to <paramref name="count"/> - 1, and fails where it is told to.</summary>
/// <param name="count">How many.</param>
/// <param name="failureAt">Given the number of the opening, from 1, and a position: what is thrown in place of the sample there, or null.</param>
public sealed class FlakySource(int count, Func<int, long, Exception?> failureAt) : ISampleSource
{
    private readonly List<long> _openings = [];

    public SampleSchema Schema { get; } = ListSource.OneFeature(count);

    public bool CanSeek { get; init; } = true;

    /// <summary>Where it was opened.</summary>
    public IReadOnlyList<long> Openings => _openings;

    public int Closings { get; private set; }

    /// <summary>Thrown by the opening itself, before there is anything to enumerate.</summary>
    public Func<int, Exception?> OpeningFailure { get; init; } = _ => null;

    public IAsyncEnumerable<Sample> OpenAsync(long position, CancellationToken cancellationToken)
    {
        _openings.Add(position);
        return OpeningFailure(_openings.Count) is { } failure ? throw failure : ReadAsync(_openings.Count, position, cancellationToken);
    }

    private async IAsyncEnumerable<Sample> ReadAsync(int opening, long position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            for (; position <= count; position++)
            {
                await Task.CompletedTask;
                cancellationToken.ThrowIfCancellationRequested();
                if (failureAt(opening, position) is { } failure)
                    throw failure;
                if (position < count)
                    yield return ListSource.SampleAt(position);
            }
        }
        finally
        {
            Closings++;
        }
    }
}

using System.Runtime.CompilerServices;

namespace ElasticityStream.Streams;

/// <summary>Emits samples that are at hand by their index.</summary>
internal static class SampleSequence
{
    /// <summary>Emits <paramref name="sampleAt"/>(<paramref name="first"/>), …, <paramref name="sampleAt"/>(<paramref name="count"/> - 1).</summary>
    /// <param name="first">The index to start from; at or beyond <paramref name="count"/> nothing is emitted.</param>
    /// <param name="count">How many samples there are.</param>
    /// <param name="sampleAt">Gives the sample of an index.</param>
    /// <param name="cancellationToken">Ends the enumeration; honoured before each sample.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="first"/> is negative.</exception>
    public static IAsyncEnumerable<Sample> Emit(long first, int count, Func<int, Sample> sampleAt, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        return Iterate(first, count, sampleAt, cancellationToken);
    }

    private static async IAsyncEnumerable<Sample> Iterate(
        long first, int count, Func<int, Sample> sampleAt, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        for (var i = first; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return sampleAt((int)i);
        }
    }
}

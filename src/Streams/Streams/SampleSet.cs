using System.Collections.Immutable;

namespace ElasticityStream.Streams;

/// <summary>The samples of a finite source, held in memory in the order of their positions.</summary>
public sealed class SampleSet : ISampleSource
{
    private SampleSet(SampleSchema schema, ImmutableArray<Sample> samples)
    {
        Schema = schema with { Count = samples.Length };
        Samples = samples;
    }

    /// <summary>The source's schema, with the count of the samples held.</summary>
    public SampleSchema Schema { get; }

    /// <summary>The samples. Positions ascend, with gaps where the source was validated and diverted some.</summary>
    public ImmutableArray<Sample> Samples { get; }

    /// <summary>Reads a source to its end. A set that is loaded again is returned as it is.</summary>
    /// <param name="source">Ends; one that does not fills the memory.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="SampleSourceException">The source fails, emits nothing, or its positions do not ascend.</exception>
    public static async Task<SampleSet> LoadAsync(ISampleSource source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source is SampleSet loaded)
            return loaded;

        var samples = ImmutableArray.CreateBuilder<Sample>();
        await foreach (var sample in source.OpenAsync(0, cancellationToken))
        {
            if (samples.Count > 0 && sample.Position <= samples[^1].Position)
            {
                throw new SampleSourceException(
                    $"The source emits position {sample.Position} ('{sample.Id}') after position {samples[^1].Position} " +
                    $"('{samples[^1].Id}'); positions must ascend.");
            }

            samples.Add(sample);
        }

        if (samples.Count == 0)
            throw new SampleSourceException("The source emits no usable sample; at least one is needed.");
        return new SampleSet(source.Schema, samples.DrainToImmutable());
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Sample> OpenAsync(long position, CancellationToken cancellationToken) =>
        SampleSequence.Emit(position < 0 ? position : FirstAtOrAfter(position), Samples.Length, i => Samples[i], cancellationToken);

    private int FirstAtOrAfter(long position)
    {
        var (low, high) = (0, Samples.Length);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (Samples[middle].Position < position)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}

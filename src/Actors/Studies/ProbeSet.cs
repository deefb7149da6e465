namespace ElasticityStream.Actors.Studies;

/// <summary>The n fixed samples at which every perturbation is observed, in the order of their source.</summary>
public sealed class ProbeSet
{
    private readonly Dictionary<string, int> _indices;

    /// <summary>Takes the samples as they are.</summary>
    /// <param name="samples">At least one, with distinct ids.</param>
    /// <param name="schema">Of their source.</param>
    public ProbeSet(IReadOnlyList<Sample> samples, SampleSchema schema)
    {
        if (samples.Count == 0)
            throw new SampleSourceException("The source has no primary sample, so there is nothing to probe.");
        Samples = samples;
        FeatureCount = schema.FeatureCount;
        ClassNames = schema.Classes;
        var classIndices = schema.Classes.Index().ToDictionary(c => c.Item, c => c.Index);
        Classes = [.. samples.Select(s => classIndices[s.Class])];
        _indices = samples.Index().ToDictionary(s => s.Item.Id, s => s.Index);
    }

    /// <summary>The probes.</summary>
    public IReadOnlyList<Sample> Samples { get; }

    /// <summary>n.</summary>
    public int Count => Samples.Count;

    /// <summary>d.</summary>
    public int FeatureCount { get; }

    /// <summary>The names of all classes of the source.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The class of each probe, as an index of <see cref="ClassNames"/>.</summary>
    public IReadOnlyList<int> Classes { get; }

    /// <summary>How many different classes occur among the probes.</summary>
    public int DistinctClasses => Classes.Distinct().Count();

    /// <summary>The index of a sample among the probes; -1 if it is none.</summary>
    public int IndexOf(string sampleId) => _indices.GetValueOrDefault(sampleId, -1);

    /// <summary>The features of some probes, row-major.</summary>
    public float[] Features(int start, int count)
    {
        var features = new float[(long)count * FeatureCount];
        for (var i = 0; i < count; i++)
            Samples[start + i].Features.Span.CopyTo(features.AsSpan(i * FeatureCount));
        return features;
    }

    /// <summary>The features of all probes as float64, n x d, row-major.</summary>
    public double[] Features() => Array.ConvertAll(Features(0, Count), f => (double)f);

    /// <summary>The training labels of all probes.</summary>
    public double[] Labels() => [.. Samples.Select(s => s.Label)];

    /// <summary>
    /// Chooses the probes of a study: all primary samples, or the first <paramref name="count"/> of them in source order, with the
    /// classes as equally represented as their numbers allow.
    /// </summary>
    /// <param name="source">Read once from its start, to its end.</param>
    /// <param name="count">How many; null for all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="SampleSourceException">The source has fewer primary samples than asked for, or none.</exception>
    public static async Task<ProbeSet> SelectAsync(ISampleSource source, int? count, CancellationToken cancellationToken)
    {
        var primary = new List<Sample>();
        await foreach (var sample in source.OpenAsync(0, cancellationToken))
        {
            if (sample.Role == SampleRole.Primary)
                primary.Add(sample);
        }

        if (count is null)
            return new ProbeSet(primary, source.Schema);
        if (primary.Count < count)
            throw new SampleSourceException($"The study asks for {count} probes, but its source has only {primary.Count} primary samples.");
        var chosen = primary
            .GroupBy(s => s.Class)
            .SelectMany(g => g.Select((sample, rank) => (sample, rank)))
            .OrderBy(s => s.rank).ThenBy(s => s.sample.Position)
            .Take(count.Value)
            .Select(s => s.sample)
            .OrderBy(s => s.Position);
        return new ProbeSet([.. chosen], source.Schema);
    }
}

namespace ElasticityStream.Compute.Similarity;

/// <summary>Mean similarity between classes over the steps of an interval: from the trained sample's class to the probe's.</summary>
public sealed class ClassPairStatistics
{
    private readonly int[] _probeClasses;
    private readonly int _classes;
    private readonly ClassSums _rowSums;
    private readonly double[] _sums;
    private readonly long[] _counts;

    /// <summary>Starts an empty interval.</summary>
    /// <param name="probeClasses">The class of each of the n probes.</param>
    /// <param name="classes">How many classes there are among samples and probes.</param>
    public ClassPairStatistics(ReadOnlySpan<int> probeClasses, int classes)
    {
        _probeClasses = probeClasses.ToArray();
        _classes = classes;
        _rowSums = new ClassSums(probeClasses, classes);
        _sums = new double[classes * classes];
        _counts = new long[classes * classes];
    }

    /// <summary>Adds the row of one step.</summary>
    /// <param name="from">The class of the trained sample.</param>
    /// <param name="row">Its similarity to the n probes.</param>
    /// <param name="self">The sample's own index among the probes, which is left out; negative if it is none of them.</param>
    public void Add(int from, ReadOnlySpan<double> row, int self)
    {
        var sums = _sums.AsSpan(from * _classes, _classes);
        var counts = _counts.AsSpan(from * _classes, _classes);
        for (var c = 0; c < _classes; c++)
        {
            sums[c] += _rowSums.Of(row, c);
            counts[c] += _rowSums.Sizes[c];
        }

        if (self < 0)
            return;
        sums[_probeClasses[self]] -= row[self];
        counts[_probeClasses[self]]--;
    }

    /// <summary>Copies the sums and counts of the interval, one a pair of classes.</summary>
    public (double[] Sums, long[] Counts) Copy() => ([.. _sums], [.. _counts]);

    /// <summary>Goes on from what <see cref="Copy"/> gave.</summary>
    /// <exception cref="ArgumentException">The arrays are of another number of classes.</exception>
    public void Restore(ReadOnlySpan<double> sums, ReadOnlySpan<long> counts)
    {
        if (sums.Length != _sums.Length || counts.Length != _counts.Length)
            throw new ArgumentException($"{sums.Length} sums and {counts.Length} counts are none of {_classes} x {_classes} pairs of classes.", nameof(sums));
        sums.CopyTo(_sums);
        counts.CopyTo(_counts);
    }

    /// <summary>The pairs that occurred, ordered by from and to, and the start of a new interval.</summary>
    public IReadOnlyList<ClassPairMean> Take()
    {
        var means = new List<ClassPairMean>();
        for (var pair = 0; pair < _sums.Length; pair++)
        {
            if (_counts[pair] > 0)
                means.Add(new ClassPairMean(pair / _classes, pair % _classes, _sums[pair] / _counts[pair], _counts[pair]));
        }

        Array.Clear(_sums);
        Array.Clear(_counts);
        return means;
    }
}

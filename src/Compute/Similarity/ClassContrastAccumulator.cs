namespace ElasticityStream.Compute.Similarity;

/// <summary>
/// Keeps, for every row of S, its sum over probes of the same class (without the diagonal) and of different classes, so that the
/// elasticity index over the rows measured so far costs O(n) whenever it is asked for.
/// </summary>
public sealed class ClassContrastAccumulator
{
    private readonly int[] _classes;
    private readonly double[] _same;
    private readonly double[] _different;
    private readonly bool[] _measured;
    private readonly ClassSums _sums;

    /// <summary>Starts with no row measured.</summary>
    /// <param name="classes">The class of each of the n probes, 0, 1, ….</param>
    public ClassContrastAccumulator(ReadOnlySpan<int> classes)
    {
        _classes = classes.ToArray();
        _same = new double[classes.Length];
        _different = new double[classes.Length];
        _measured = new bool[classes.Length];
        _sums = new ClassSums(classes, classes.Length == 0 ? 0 : _classes.Max() + 1);
    }

    /// <summary>Replaces what is known of row i.</summary>
    /// <param name="i">The probe that was trained on.</param>
    /// <param name="row">Row i of S, n values.</param>
    public void Update(int i, ReadOnlySpan<double> row)
    {
        var own = _sums.Of(row, _classes[i]);
        _same[i] = own - row[i];
        _different[i] = 0;
        for (var c = 0; c < _sums.Sizes.Length; c++)
            _different[i] += c == _classes[i] ? 0 : _sums.Of(row, c);
        _measured[i] = true;
    }

    /// <summary>The means over all rows measured so far.</summary>
    public ClassContrast Contrast()
    {
        double same = 0, different = 0;
        long samePairs = 0, differentPairs = 0;
        for (var i = 0; i < _classes.Length; i++)
        {
            if (!_measured[i])
                continue;
            same += _same[i];
            different += _different[i];
            samePairs += _sums.Sizes[_classes[i]] - 1;
            differentPairs += _classes.Length - _sums.Sizes[_classes[i]];
        }

        return new ClassContrast(samePairs > 0 ? same / samePairs : null, differentPairs > 0 ? different / differentPairs : null);
    }
}

using System.Numerics.Tensors;

namespace ElasticityStream.Compute.Similarity;

/// <summary>Sums a row of n values by the class of the probes, as inner products with the classes' indicators.</summary>
internal sealed class ClassSums
{
    private readonly double[][] _indicators;

    /// <summary>Takes the classes of the probes.</summary>
    /// <param name="classes">n class indices.</param>
    /// <param name="count">How many classes there are.</param>
    public ClassSums(ReadOnlySpan<int> classes, int count)
    {
        Sizes = new int[count];
        _indicators = new double[count][];
        foreach (var c in classes)
        {
            Sizes[c]++;
            _indicators[c] ??= new double[classes.Length];
        }

        for (var j = 0; j < classes.Length; j++)
            _indicators[classes[j]][j] = 1;
    }

    /// <summary>How many probes each class has.</summary>
    public int[] Sizes { get; }

    /// <summary>The sum of the values at the probes of a class; 0 for a class without probes.</summary>
    /// <param name="row">n finite values.</param>
    /// <param name="c">The class.</param>
    public double Of(ReadOnlySpan<double> row, int c) => Sizes[c] == 0 ? 0 : TensorPrimitives.Dot(row, _indicators[c]);
}

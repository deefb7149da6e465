using CsCheck;

namespace ElasticityStream.Compute.Tests.Clustering;

/// <summary>Random inputs of clustering.</summary>
internal static class ClusteringGen
{
    /// <summary>
    /// Points in general position: a row-major n x d matrix, K at most n, and first labels that may leave a cluster empty.
    /// </summary>
    public static Gen<(double[] Rows, int Points, int Clusters, int[] Labels)> Rows =>
        Of(Gen.Double[-1, 1]);

    /// <summary>Points on a small grid, many of them equal.</summary>
    public static Gen<(double[] Rows, int Points, int Clusters, int[] Labels)> GridRows =>
        Of(Gen.Int[0, 1].Select(value => (double)value));

    /// <summary>A symmetric matrix of random entries, which is hardly ever positive definite.</summary>
    public static Gen<(double[] Kernel, int Points, int Clusters)> IndefiniteKernel =>
        from points in Gen.Int[1, 12]
        from clusters in Gen.Int[1, Math.Min(4, points)]
        from values in Gen.Double[-1, 1].Array[points * points]
        select (Symmetric(values, points), points, clusters);

    /// <summary>A label and a class for each of some points.</summary>
    public static Gen<(int[] Labels, int[] Classes)> LabelsAndClasses =>
        from points in Gen.Int[1, 25]
        from clusters in Gen.Int[1, 5]
        from classes in Gen.Int[1, 5]
        from labels in Gen.Int[0, clusters - 1].Array[points]
        from numbers in Gen.Int[0, classes - 1].Array[points]
        select (labels, numbers);

    private static Gen<(double[] Rows, int Points, int Clusters, int[] Labels)> Of(Gen<double> coordinate) =>
        from points in Gen.Int[1, 15]
        from columns in Gen.Int[1, 9]
        from clusters in Gen.Int[1, Math.Min(4, points)]
        from rows in coordinate.Array[points * columns]
        from labels in Gen.Int[0, clusters - 1].Array[points]
        select (rows, points, clusters, labels);

    private static double[] Symmetric(double[] values, int points)
    {
        for (var i = 0; i < points; i++)
        {
            for (var j = 0; j < i; j++)
                values[i * points + j] = values[j * points + i];
        }

        return values;
    }
}

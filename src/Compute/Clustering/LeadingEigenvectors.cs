using MathNet.Numerics.LinearAlgebra;

namespace ElasticityStream.Compute.Clustering;

/// <summary>
/// The eigenvectors of the largest eigenvalues of a graph's normalised adjacency (the smallest of its normalised Laplacian), by
/// Chebyshev-filtered subspace iteration (Zhou, Saad, Tiago and Chelikowsky 2006).
/// </summary>
/// <remarks>
/// A block of more vectors than are wanted finds repeated eigenvalues, which a graph of several components has, and touches only the
/// graph's edges: milliseconds where a dense decomposition of 1,000 points takes seconds. Small graphs are decomposed densely.
/// </remarks>
internal static class LeadingEigenvectors
{
    private const int DenseUpTo = 64;
    private const int MaximumDegree = 30;
    private const int MaximumRounds = 300;
    private const double Tolerance = 1e-10;

    /// <summary>A filter that amplifies more than this loses the block's smaller directions to rounding.</summary>
    private const double MaximumGrowth = 1e8;

    /// <summary>Finds them.</summary>
    /// <param name="graph">n points.</param>
    /// <param name="count">v, at most n.</param>
    /// <returns>v unit vectors of length n, orthogonal, by descending eigenvalue, each with its eigenvalue.</returns>
    /// <remarks>
    /// Every residual norm is at most 1e-10, or, where eigenvalue v and those after the block are too close to be told apart in 300 rounds,
    /// as small as it got: vectors that close to each other serve a clustering equally well.
    /// </remarks>
    public static (double[][] Vectors, double[] Values) Of(NeighbourGraph graph, int count)
    {
        var n = graph.Points;
        var size = 2 * count + 8;
        if (n <= Math.Max(DenseUpTo, 2 * size))
            return Dense(graph, count);

        var block = RandomBlock(n, size);
        var images = Allocate(n, size);
        var values = RayleighRitz(graph, ref block, ref images);
        for (var round = 0; round < MaximumRounds && !Settled(block, images, values, count); round++)
        {
            // The block's smallest value is the best cut, unless the graph has more components than the block has vectors: then it lies
            // next to 1 and nothing grows. Every other round therefore cuts lower.
            var highest = round % 2 == 0 ? 1 - 1e-12 : 0.99;
            foreach (var vector in block)
                Filter(graph, vector, cut: Math.Clamp(values[^1], -0.5, highest));
            values = RayleighRitz(graph, ref block, ref images);
        }

        return (block[..count], values[..count]);
    }

    private static (double[][] Vectors, double[] Values) Dense(NeighbourGraph graph, int count)
    {
        var unit = Allocate(graph.Points, graph.Points);
        for (var i = 0; i < unit.Length; i++)
            unit[i][i] = 1;
        var images = Allocate(graph.Points, graph.Points);
        var values = RayleighRitz(graph, ref unit, ref images);
        return (unit[..count], values[..count]);
    }

    /// <summary>
    /// x = T_m((N - c) / e) x: grows the eigenvectors above the cut against those in [-1, cut], which the map sends to [-1, 1].
    /// </summary>
    private static void Filter(NeighbourGraph graph, double[] x, double cut)
    {
        var (centre, halfWidth) = ((cut - 1) / 2, (cut + 1) / 2);
        var degree = Math.Clamp((int)(Math.Acosh(MaximumGrowth) / Math.Acosh((1 - centre) / halfWidth)), 2, MaximumDegree);
        var (before, now, next) = ((double[])x.Clone(), new double[x.Length], new double[x.Length]);
        Map(x, now);
        for (var m = 2; m <= degree; m++)
        {
            Map(now, next);
            for (var i = 0; i < next.Length; i++)
                next[i] = 2 * next[i] - before[i];
            (before, now, next) = (now, next, before);
        }

        now.CopyTo(x, 0);

        void Map(double[] from, double[] to)
        {
            graph.MultiplyNormalisedAdjacency(from, to);
            for (var i = 0; i < to.Length; i++)
                to[i] = (to[i] - centre * from[i]) / halfWidth;
        }
    }

    /// <summary>
    /// Turns the block into the best approximate eigenvectors in its span, by descending value; images becomes the matrix times each.
    /// </summary>
    private static double[] RayleighRitz(NeighbourGraph graph, ref double[][] block, ref double[][] images)
    {
        Orthonormalise(block);
        var size = block.Length;
        for (var a = 0; a < size; a++)
            graph.MultiplyNormalisedAdjacency(block[a], images[a]);
        var projected = Matrix<double>.Build.Dense(size, size);
        for (var a = 0; a < size; a++)
        {
            for (var b = 0; b <= a; b++)
                projected[a, b] = projected[b, a] = VectorArithmetic.Dot(block[a], images[b]);
        }

        var decomposition = projected.Evd(Symmetricity.Symmetric);
        var ascending = decomposition.EigenValues;
        var values = new double[size];
        for (var a = 0; a < size; a++)
            values[a] = ascending[size - 1 - a].Real;
        block = Combine(block, decomposition.EigenVectors);
        images = Combine(images, decomposition.EigenVectors);
        return values;
    }

    private static double[][] Combine(double[][] vectors, Matrix<double> coefficients)
    {
        var combined = Allocate(vectors[0].Length, vectors.Length);
        for (var a = 0; a < vectors.Length; a++)
        {
            for (var b = 0; b < vectors.Length; b++)
                VectorArithmetic.AddScaled(combined[a], vectors[b], coefficients[b, vectors.Length - 1 - a]);
        }

        return combined;
    }

    private static bool Settled(double[][] block, double[][] images, double[] values, int count)
    {
        for (var a = 0; a < count; a++)
        {
            var residual = (double[])images[a].Clone();
            VectorArithmetic.AddScaled(residual, block[a], -values[a]);
            if (VectorArithmetic.Dot(residual, residual) > Tolerance * Tolerance)
                return false;
        }

        return true;
    }

    private static void Orthonormalise(double[][] block)
    {
        for (var a = 0; a < block.Length; a++)
        {
            VectorArithmetic.Scale(block[a], 1 / Norm(block[a]));

            // Twice is enough (Kahan and Parlett): the second pass removes what rounding left when the first cancelled much.
            for (var pass = 0; pass < 2; pass++)
            {
                for (var b = 0; b < a; b++)
                    VectorArithmetic.AddScaled(block[a], block[b], -VectorArithmetic.Dot(block[a], block[b]));
                VectorArithmetic.Scale(block[a], 1 / Norm(block[a]));
            }
        }
    }

    private static double Norm(double[] vector) => Math.Sqrt(VectorArithmetic.Dot(vector, vector));

    private static double[][] RandomBlock(int length, int size)
    {
        // Any start finds the same space; a fixed one finds the same bits.
        var random = new SeededRandom(0, 0);
        var block = Allocate(length, size);
        foreach (var vector in block)
        {
            for (var i = 0; i < length; i++)
                vector[i] = random.NextDouble() - 0.5;
        }

        return block;
    }

    private static double[][] Allocate(int length, int size)
    {
        var vectors = new double[size][];
        for (var a = 0; a < size; a++)
            vectors[a] = new double[length];
        return vectors;
    }
}

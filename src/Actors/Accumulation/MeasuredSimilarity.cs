using ElasticityStream.Compute.Similarity;
using MessagePack;

namespace ElasticityStream.Actors.Accumulation;

/// <summary>The part of a similarity matrix that was measured.</summary>
/// <param name="Measure">Which similarity.</param>
/// <param name="Probes">The m probes whose rows were measured, ascending.</param>
/// <param name="RowCounts">How often each of these rows was measured.</param>
/// <param name="Values">m x m, row-major, as measured: not symmetrised.</param>
[MessagePackObject]
public sealed record MeasuredSimilarity(
    [property: Key(0)] SimilarityMeasure Measure,
    [property: Key(1)] int[] Probes,
    [property: Key(2)] long[] RowCounts,
    [property: Key(3)] double[] Values)
{
    /// <summary>Takes the measured part of a matrix.</summary>
    public static MeasuredSimilarity Of(SimilarityMeasure measure, SimilarityMatrix matrix)
    {
        var probes = matrix.MeasuredProbes();
        return new MeasuredSimilarity(measure, probes, [.. probes.Select(i => matrix.RowCounts[i])], matrix.Submatrix(probes));
    }

    /// <summary>(S + S^T) / 2, m x m.</summary>
    public double[] Symmetrised() => SimilarityMatrix.Symmetrise(Values, Probes.Length);
}

using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Actors.Telemetry;

/// <summary>A similarity matrix to look at while it grows: symmetrised, over the m probes measured so far, averaged in at most 64 x 64 cells.</summary>
/// <param name="Step">The number of steps done.</param>
/// <param name="Measure">"relative" or "kernelized".</param>
/// <param name="GroupKind">By what the probes are ordered: "class" or "cluster".</param>
/// <param name="Groups">The classes or clusters, in the order in which they stand.</param>
/// <param name="Cells">The similarities.</param>
public sealed record SimilarityPicture(long Step, string Measure, string GroupKind, IReadOnlyList<ProbeBlock> Groups, SimilarityCells Cells)
{
    /// <summary>The most cells of a row.</summary>
    public const int MostSide = 64;

    /// <summary>m.</summary>
    public int Probes => Groups.Sum(g => g.Count);
}

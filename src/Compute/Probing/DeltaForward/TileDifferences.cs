using ElasticityStream.Compute.Probing.Vectorised;

namespace ElasticityStream.Compute.Probing;

/// <summary>Where a <see cref="DifferenceKernel"/> writes.</summary>
/// <param name="differences">One row of 64 a unit: dA.</param>
/// <param name="values">One row of 64 a unit: phi(Z) before the step; null if they are not asked for.</param>
/// <param name="sums">64 sums, to which phi(Z) a is added; null if they are not asked for.</param>
internal readonly unsafe struct TileDifferences(float* differences, float* values, float* sums)
{
    public float* Differences => differences;

    public float* Values => values;

    public float* Sums => sums;

    /// <summary>The same from a unit on.</summary>
    public TileDifferences From(long unit) => new(
        differences + (unit * ProbeTile.Probes), values is null ? null : values + (unit * ProbeTile.Probes), sums);
}

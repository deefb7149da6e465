using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Actors.Messages;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Compute.Probing;

namespace ElasticityStream.Actors.Accumulation;

/// <summary>How the accumulator's matrices become arrays of a checkpoint, and arrays matrices.</summary>
internal static class AccumulatorCapture
{
    // The array of the last sweep's tangent kernel.
    private const string Kernels = "ntk";

    /// <summary>Everything that is gathered.</summary>
    public static CarriedState Arrays(IEnumerable<MeasureAccumulation> measures, SweptKernel? kernel) => new(
    [
        .. measures.SelectMany(m => m.Capture()),
        .. kernel is null ? [] : new[] { new CarriedArray(Kernels, kernel.Values) },
    ]);

    /// <summary>The matrices that are being clustered.</summary>
    public static CarriedState Arrays(ClusteringProtocol.SimilaritySnapshot? underWay) =>
        new([.. (underWay?.Matrices ?? []).Select(m => new CarriedArray(Names.Of(m.Measure), m.Values))]);

    /// <summary>What is small of them.</summary>
    public static ClusteringUnderWay? Describe(ClusteringProtocol.SimilaritySnapshot? underWay) => underWay is null
        ? null
        : new ClusteringUnderWay(underWay.Step, underWay.Matrices.ToDictionary(m => m.Measure, m => new ClusteringUnderWay.Rows(m.Probes, m.RowCounts)));

    /// <summary>The last sweep's tangent kernel; null if there is none.</summary>
    public static SweptKernel? Kernel(RestoredStudy restored) => restored.State.Accumulator!.Kernel is { } distance
        ? new SweptKernel(restored.Values<double>(CheckpointParts.Accumulator, Kernels), distance)
        : null;

    /// <summary>The clustering to begin again; null if there is none.</summary>
    public static ClusteringProtocol.SimilaritySnapshot? UnderWay(RestoredStudy restored)
    {
        if (restored.State.Accumulator!.Clustering is not { } underWay)
            return null;
        var matrices = underWay.Matrices.OrderBy(m => m.Key).Select(m => new MeasuredSimilarity(
            m.Key, m.Value.Probes, m.Value.Counts, restored.Values<double>(CheckpointParts.Clustering, Names.Of(m.Key))));
        return new ClusteringProtocol.SimilaritySnapshot(underWay.Step, Final: false, [.. matrices]);
    }
}

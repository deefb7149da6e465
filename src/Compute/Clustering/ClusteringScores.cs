namespace ElasticityStream.Compute.Clustering;

/// <summary>How well a clustering finds the classes.</summary>
/// <param name="Accuracy"><see cref="ClusteringAccuracy"/>, in (0, 1].</param>
/// <param name="AdjustedRandIndex"><see cref="Clustering.AdjustedRandIndex"/>, in [-0.5, 1].</param>
/// <param name="NormalisedMutualInformation"><see cref="Clustering.NormalisedMutualInformation"/>, in [0, 1].</param>
public sealed record ClusteringScores(double Accuracy, double AdjustedRandIndex, double NormalisedMutualInformation)
{
    /// <summary>All scores of a clustering.</summary>
    /// <param name="labels">n cluster numbers, any integers.</param>
    /// <param name="classes">n class numbers, any integers.</param>
    /// <exception cref="ArgumentException">There are no points, or not as many classes as labels.</exception>
    public static ClusteringScores Of(ReadOnlySpan<int> labels, ReadOnlySpan<int> classes)
    {
        var table = ContingencyTable.Of(labels, classes);
        return new ClusteringScores(
            ClusteringAccuracy.Of(table),
            Clustering.AdjustedRandIndex.Of(table),
            Clustering.NormalisedMutualInformation.Of(table));
    }
}

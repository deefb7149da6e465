namespace ElasticityStream.Actors.Recording;

/// <summary>How well a clustering agrees with the classes. All but <paramref name="AdjustedRandIndex"/> are in [0, 1].</summary>
/// <param name="Accuracy">Of the restart with the best objective, by the best matching of clusters to classes.</param>
/// <param name="AdjustedRandIndex">In [-0.5, 1]; 0 is what chance gives.</param>
/// <param name="NormalisedMutualInformation">Mutual information over the mean of the two entropies.</param>
/// <param name="AccuracyLowest">The lowest accuracy over all restarts.</param>
/// <param name="AccuracyMean">The mean accuracy over all restarts.</param>
/// <param name="AccuracyHighest">The highest accuracy over all restarts.</param>
/// <param name="Restarts">How many restarts there were.</param>
public sealed record ClusteringScoresRow(
    double Accuracy, double AdjustedRandIndex, double NormalisedMutualInformation,
    double AccuracyLowest, double AccuracyMean, double AccuracyHighest, int Restarts);

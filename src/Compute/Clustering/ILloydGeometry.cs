namespace ElasticityStream.Compute.Clustering;

/// <summary>
/// What Lloyd's algorithm must know of the points: their squared distances to the clusters' centres. An instance serves one restart
/// (it may carry sums from one labelling to the next); the points themselves are shared.
/// </summary>
internal interface ILloydGeometry
{
    /// <summary>n.</summary>
    int Points { get; }

    /// <summary>Measures a labelling.</summary>
    /// <param name="labels">n numbers in [0, K).</param>
    /// <param name="distances">Receives n x K squared distances to the mean of each cluster; +infinity for an empty cluster.</param>
    /// <returns>The sum of the squared distances of the points to the means of their own clusters.</returns>
    double Measure(ReadOnlySpan<int> labels, Span<double> distances);

    /// <summary>The squared distances of all n points to one of them.</summary>
    void DistancesTo(int point, Span<double> distances);
}

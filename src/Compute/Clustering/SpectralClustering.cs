namespace ElasticityStream.Compute.Clustering;

/// <summary>
/// Spectral clustering on the nearest-neighbour graph of a symmetric similarity (Ng, Jordan and Weiss 2001): the v smallest
/// eigenvectors of the normalised Laplacian I - D^-1/2 A D^-1/2 give each point a row of length v, rows are scaled to length 1, and K-means
/// with restarts clusters them. The objective is that of K-means on these rows.
/// </summary>
/// <remarks>
/// Edges have weight 1 and join i and j where either is among the k points most similar to the other. Where the graph has more
/// components than v, no v vectors tell them all apart: take more neighbours or more vectors.
/// </remarks>
public sealed class SpectralClustering : IClusterer
{
    private readonly ClusteringOptions _options;
    private readonly bool _normalise;

    /// <summary>Makes the clusterer.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="normalise">Whether the similarity is first divided by sqrt(S_ii S_jj).</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public SpectralClustering(ClusteringOptions options, bool normalise)
    {
        _options = options.Validated();
        _normalise = normalise;
    }

    /// <inheritdoc/>
    public ClusteringMethod Method => _normalise ? ClusteringMethod.SpectralNormalized : ClusteringMethod.Spectral;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Also: fewer points than eigenvectors; when normalising, a diagonal entry that is not
    /// positive.</exception>
    public ClusteringResult Cluster(ReadOnlyMemory<double> matrix, int points)
    {
        MatrixShape.RequireSymmetric(matrix.Span, points);
        MatrixShape.RequireClusters(_options.Clusters, points);
        var vectors = _options.SpectralVectors ?? _options.Clusters;
        if (vectors > points)
            throw new ArgumentException($"{vectors} spectral vectors were asked for, but there are only {points} points.", nameof(points));

        var similarity = _normalise ? SimilarityNormalisation.Apply(matrix.Span, points) : matrix.Span;
        var graph = NeighbourGraph.Of(similarity, points, _options.Neighbours);
        var embedding = Embed(LeadingEigenvectors.Of(graph, vectors).Vectors, points);
        var restarts = new KMeans(_options).Cluster(embedding, points).Restarts;
        return new ClusteringResult(Method, _options.Clusters, restarts);
    }

    private static double[] Embed(double[][] vectors, int points)
    {
        var embedding = new double[(long)points * vectors.Length];
        for (var i = 0; i < points; i++)
        {
            var row = embedding.AsSpan(i * vectors.Length, vectors.Length);
            for (var v = 0; v < row.Length; v++)
                row[v] = vectors[v][i];
            var length = Math.Sqrt(VectorArithmetic.Dot(row, row));
            if (length > 0)
                VectorArithmetic.Scale(row, 1 / length);
        }

        return embedding;
    }
}

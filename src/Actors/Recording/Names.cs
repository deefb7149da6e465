using System.Globalization;
using ElasticityStream.Compute.Clustering;
using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Actors.Recording;

/// <summary>The names of measures, methods and roles in recorded rows, metrics and reports.</summary>
public static class Names
{
    /// <summary>"relative" or "kernelized".</summary>
    public static string Of(SimilarityMeasure measure) => measure == SimilarityMeasure.Relative ? "relative" : "kernelized";

    /// <summary>"primary" or "auxiliary".</summary>
    public static string Of(SampleRole role) => role == SampleRole.Primary ? "primary" : "auxiliary";

    /// <summary>"1", "2", …: clusters are counted from 1.</summary>
    public static string OfCluster(int label) => (label + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>"kmeans", "kernel-kmeans", "spectral" or "spectral-normalized".</summary>
    public static string Of(ClusteringMethod method) => method switch
    {
        ClusteringMethod.KMeans => "kmeans",
        ClusteringMethod.KernelKMeans => "kernel-kmeans",
        ClusteringMethod.Spectral => "spectral",
        ClusteringMethod.SpectralNormalized => "spectral-normalized",
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "Not a clustering method."),
    };
}

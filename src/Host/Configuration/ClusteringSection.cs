using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ElasticityStream.Compute.Clustering;

namespace ElasticityStream.Host.Configuration;

/// <summary>The section <c>clustering</c> of a study.</summary>
public sealed record ClusteringSection
{
    [Description("The number of clusters; null = the number of classes among the probes.")]
    [Range(2, int.MaxValue)]
    public int? Clusters { get; init; }

    [Description("The clusterers, each named once: K-means on the relative similarities, kernel K-means on the kernelized ones, spectral clustering as they are or normalised to S_ij / sqrt(S_ii S_jj); an empty list = no clustering.")]
    public IReadOnlyList<ClusteringMethod> Methods { get; init; } = [ClusteringMethod.KMeans, ClusteringMethod.KernelKMeans];

    [Description("Seeded starts of each clusterer, of which the best objective counts and the spread is reported; use 20 or more, and never quote the result of one start: it can be luck.")]
    [Range(1, int.MaxValue)]
    public int Restarts { get; init; } = 20;

    [Description("Steps between two clusterings of the rows measured so far; null = at the end only.")]
    [Range(1L, long.MaxValue)]
    public long? Every { get; init; }

    [Description("Nearest neighbours of each sample in the graph of the spectral methods.")]
    [Range(1, int.MaxValue)]
    public int Neighbors { get; init; } = 5;

    [Description("Eigenvectors that the spectral methods cluster; null = as many as clusters.")]
    [Range(1, int.MaxValue)]
    public int? Vectors { get; init; }

    /// <summary>By the stated values, element by element for <see cref="Methods"/>.</summary>
    public bool Equals(ClusteringSection? other) => other is not null && StudyText.Of(this) == StudyText.Of(other);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(StudyText.Of(this));
}

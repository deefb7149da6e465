using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Host.Configuration;

/// <summary>The section <c>similarity</c> of a study.</summary>
public sealed record SimilaritySection
{
    /// <summary>The weight that <c>rows: ewma</c> has where the study states none.</summary>
    internal const double DefaultEwmaWeight = 0.1;

    [Description("What a row becomes when its probe is trained on again: the newest row, the mean of all, or an exponentially weighted average.")]
    public RowUpdate Rows { get; init; } = RowUpdate.Latest;

    [Description("The weight a of the new row in (1 - a) old + a new; only with rows: ewma, where null resolves to 0.1.")]
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double? EwmaWeight { get; init; }
}

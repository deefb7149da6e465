using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ElasticityStream.Host.Configuration;

/// <summary>The section <c>sweep</c> of a study.</summary>
public sealed record SweepSection
{
    [Description("Steps between two sweeps; null = no sweeps.")]
    [Range(1L, long.MaxValue)]
    public long? Every { get; init; }

    [Description("Whether the neural tangent kernel is computed beside each sweep, and how far S_ker is from it; it takes less time than the sweep.")]
    public bool Ntk { get; init; } = true;
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ElasticityStream.Streams.Geometry;

/// <summary>What every synthetic source lets a study choose.</summary>
public abstract class GeometryOptions
{
    /// <summary>How many points carry each label.</summary>
    [Range(1, 1_000_000)]
    [Description("How many points carry each of the two labels.")]
    public int PerLabel { get; set; } = 50;

    /// <summary>The seed that the points are drawn with; null: the study's.</summary>
    [Description("The seed that the points are drawn with; empty: the study's seed.")]
    public long? Seed { get; set; }
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ElasticityStream.Host.Configuration;

/// <summary>The section <c>output</c> of a study.</summary>
public sealed record OutputSection
{
    [Description("The folder that holds the runs; a relative path starts from the working directory.")]
    [Required]
    public string Directory { get; init; } = "runs";

    [Description("Steps between two rows of the elasticity index and of the class pairs in run.db.")]
    [Range(1L, long.MaxValue)]
    public long RecordEvery { get; init; } = 100;

    [Description("Steps over which loss and accuracy are averaged.")]
    [Range(1, int.MaxValue)]
    public int Window { get; init; } = 1000;
}

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

    [Description("The rows of so many of the latest steps stay whole in run.db, and about as many of all older ones, which windows with their means stand for; null = all rows.")]
    [Range(1_000L, long.MaxValue)]
    public long? KeepSteps { get; init; } = 1_000_000;

    [Description("So many of the latest records of each series in run.db (elasticity index, class pairs, clusterings, sweeps) stay whole, and about as many of all older ones; null = all.")]
    [Range(100L, long.MaxValue)]
    public long? KeepRecords { get; init; } = 10_000;

    [Description("Steps over which loss and accuracy are averaged.")]
    [Range(1, int.MaxValue)]
    public int Window { get; init; } = 1000;
}

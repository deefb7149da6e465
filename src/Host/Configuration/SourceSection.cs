using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ElasticityStream.Streams;

namespace ElasticityStream.Host.Configuration;

/// <summary>The section <c>source</c> of a study.</summary>
public sealed record SourceSection
{
    [Description("The kind of source; `elasticity sources` lists them all.")]
    public required string Type { get; init; }

    /// <summary>An instance of <see cref="ISampleSourceFactory.OptionsType"/> of the source named by <see cref="Type"/>, validated.</summary>
    [Description("The options of that kind of source; relative paths start from the folder of the study file.")]
    public required object Options { get; init; }

    [Description("The study stops with an error once more than this fraction of the samples has been rejected (wrong shape, wrong label, not finite).")]
    [Range(0.0, 1.0)]
    public double MaxRejectedFraction { get; init; } = 0.01;

    [Description("How often a source that fails while it is read is opened again, in a row and without a sample in between, before the study stops; the waits before are 1 s, 2 s, 4 s and so on, at most a minute.")]
    [Range(0, 1000)]
    public int Retries { get; init; } = RestartingSampleSource.DefaultRetries;

    /// <summary>By the stated values: the options of a source need not define an equality of their own.</summary>
    public bool Equals(SourceSection? other) => other is not null && StudyText.Of(this) == StudyText.Of(other);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(StudyText.Of(this));
}

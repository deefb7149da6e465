using System.Diagnostics.CodeAnalysis;

namespace ElasticityStream.Host.Configuration;

/// <summary>What reading a study gave: the configuration, or everything that is wrong with it.</summary>
public sealed class StudyFileResult
{
    internal StudyFileResult(StudyConfiguration? configuration, IReadOnlyList<ConfigurationError> errors)
    {
        Configuration = errors.Count == 0 ? configuration : null;
        Errors = errors;
    }

    /// <summary>Whether the study may start.</summary>
    [MemberNotNullWhen(true, nameof(Configuration))]
    public bool IsValid => Configuration is not null;

    /// <summary>The study with every default filled in; null if there is any error.</summary>
    public StudyConfiguration? Configuration { get; }

    /// <summary>All errors at once, those of the file in its order and then those of the overrides; empty if there are none.</summary>
    public IReadOnlyList<ConfigurationError> Errors { get; }
}

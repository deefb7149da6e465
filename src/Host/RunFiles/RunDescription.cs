using System.Text.Json;

namespace ElasticityStream.Host.RunFiles;

/// <summary>
/// The content of <c>run.json</c>: what ran, on what, and how it ended. Written when the run starts, with
/// <see cref="RunOutcome.Running"/>, when the number of a model's steps is known, and again when it ends.
/// </summary>
public sealed record RunDescription
{
    /// <summary>The study's name.</summary>
    public required string Study { get; init; }

    /// <summary>The run's id, the name of its folder.</summary>
    public required string Run { get; init; }

    /// <summary>The study file it was started with; relative paths in the source's options start at its folder.</summary>
    public required string StudyFile { get; init; }

    /// <summary>Whose weights were swept; null unless this is a sweep at the weights of another run.</summary>
    public WeightsOrigin? SweepOf { get; init; }

    /// <summary>How it ended.</summary>
    public RunOutcome Outcome { get; init; }

    /// <summary>Why it failed or who interrupted it; null if there is nothing to say.</summary>
    public string? Message { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartedUtc { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? EndedUtc { get; init; }

    /// <summary>When the run went on after its process had ended; empty if it never did.</summary>
    public IReadOnlyList<RunResumption> Resumed { get; init; } = [];

    /// <summary>The program's arguments as they were given.</summary>
    public required IReadOnlyList<string> CommandLine { get; init; }

    /// <summary>The study's seed.</summary>
    public required long Seed { get; init; }

    /// <summary>How many samples were not trained on.</summary>
    public long RejectedSamples { get; init; }

    /// <summary>The study's own model.</summary>
    public required ModelDescription Main { get; init; }

    /// <summary>The contrast model; null if the study has none.</summary>
    public ModelDescription? Contrast { get; init; }

    /// <summary>The versions of what it ran with.</summary>
    public required SoftwareVersions Versions { get; init; }

    /// <summary>The machine that it ran on.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>Writes the description, replacing an older one whole.</summary>
    /// <exception cref="RunDirectoryException">The file could not be written.</exception>
    public void Write(string path) =>
        AtomicFile.Write(path, stream =>
        {
            JsonSerializer.Serialize(stream, this, RunDescriptionJson.Default.RunDescription);
            stream.WriteByte((byte)'\n');
        });

    /// <summary>Reads a description.</summary>
    /// <exception cref="RunDirectoryException">The file cannot be read or is not a description; the message says where.</exception>
    public static RunDescription Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize(stream, RunDescriptionJson.Default.RunDescription)
                ?? throw new JsonException("it holds null.");
        }
        catch (JsonException exception)
        {
            throw new RunDirectoryException($"'{path}' is not the description of a run: {exception.Message}", exception) { Path = path };
        }
        catch (Exception exception) when (RunDirectoryException.IsFileFailure(exception))
        {
            throw RunDirectoryException.From(path, "read", exception);
        }
    }
}

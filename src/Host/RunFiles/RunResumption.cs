namespace ElasticityStream.Host.RunFiles;

/// <summary>That a run went on after its process had ended.</summary>
/// <param name="AtUtc">When.</param>
/// <param name="Step">The step of the study's own model that it went on at; its number of steps if it was complete.</param>
/// <param name="ContrastStep">That of the contrast; null if it had no checkpoint, or there is none.</param>
/// <param name="CommandLine">The program's arguments as they were given.</param>
/// <param name="Versions">The versions of what it ran with from then on.</param>
/// <param name="Machine">The machine that it ran on from then on.</param>
public sealed record RunResumption(
    DateTimeOffset AtUtc, long Step, long? ContrastStep, IReadOnlyList<string> CommandLine, SoftwareVersions Versions, MachineDescription Machine);

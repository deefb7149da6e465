using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Tests.Serialization;
using ElasticityStream.Actors.Tests.Studies;

namespace ElasticityStream.Actors.Tests.Checkpoints;

/// <summary>Everything that a study recorded and found, by its bits, a line each.</summary>
internal static class StudyBits
{
    public static IReadOnlyList<string> Of(RecordedStudy recorded, object outcome) =>
    [
        .. Lines("step", recorded.Steps),
        .. Lines("pair", recorded.ClassPairs),
        .. Lines("index", recorded.Indices),
        .. Lines("clustering", recorded.Clusterings),
        .. Lines("sweep", recorded.Sweeps.Select(s => (object)new object?[] { s.Step, s.Matrices, s.Kernel })),
        .. Lines("event", recorded.Events.Where(e => EventKinds.OfTheSteps.Contains(e.Kind))),
        $"outcome {Structure.Of(outcome)}",
    ];

    private static IEnumerable<string> Lines(string kind, IEnumerable<object> rows) => rows.Select(r => $"{kind} {Structure.Of(r)}");
}

using System.Globalization;

namespace ElasticityStream.Actors.Checkpoints;

/// <summary>The names of <see cref="StudyCheckpoint.Parts"/>.</summary>
internal static class CheckpointParts
{
    public const string Trainer = "trainer";

    public const string Accumulator = "accumulator";

    public const string Clustering = "clustering";

    public static string Evaluator(int shard) => string.Create(CultureInfo.InvariantCulture, $"evaluator-{shard}");
}

using System.Globalization;

namespace ElasticityStream.Actors.Checkpoints;

/// <summary>The names of <see cref="StudyCheckpoint.Parts"/>.</summary>
internal static class CheckpointParts
{
    public const string Trainer = "trainer";

    public const string Accumulator = "accumulator";

    public const string Clustering = "clustering";

    /// <summary>The array of the trainer that is not its stepper's own.</summary>
    public const string HandedOver = "handed-over";

    public static string Evaluator(int shard) => string.Create(CultureInfo.InvariantCulture, $"evaluator-{shard}");
}

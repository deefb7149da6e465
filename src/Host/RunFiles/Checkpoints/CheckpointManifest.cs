namespace ElasticityStream.Host.RunFiles.Checkpoints;

/// <summary>What <c>manifest.msgpack</c> says (docs/checkpoints.md).</summary>
/// <param name="WrittenBy">The version of the program that wrote it.</param>
/// <param name="Created">When, in UTC.</param>
/// <param name="Run">The run's id.</param>
/// <param name="Fingerprint">What the study was made of, in words that only the caller understands.</param>
/// <param name="Number">1 for the first checkpoint of a run, then 1 more for each.</param>
/// <param name="Step">The number of steps done.</param>
/// <param name="State">Everything but the arrays.</param>
/// <param name="Parts">The parts; one without an array too.</param>
/// <param name="Arrays">The arrays, those of a part in its order.</param>
internal sealed record CheckpointManifest(
    string WrittenBy, DateTimeOffset Created, string Run, string Fingerprint, long Number, long Step, byte[] State,
    IReadOnlyList<string> Parts, IReadOnlyList<ManifestArray> Arrays);

namespace ElasticityStream.Host.RunFiles.Checkpoints;

/// <summary>A checkpoint on the disk, by what its manifest says; its arrays were not looked at.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Number">1 for the first checkpoint of a run, then 1 more for each. What was saved last has the highest, also after a rewind.</param>
/// <param name="Step">The number of steps done.</param>
/// <param name="Created">When it was saved, in UTC.</param>
/// <param name="Bytes">How many bytes its files take.</param>
/// <param name="RunId">The run that saved it.</param>
/// <param name="Fingerprint">What that run was made of, as it was given to its <see cref="CheckpointStore"/>. Whether another may go on is the caller's to decide.</param>
/// <param name="WrittenBy">The version of the program that saved it.</param>
public sealed record SavedCheckpoint(
    string Folder, long Number, long Step, DateTimeOffset Created, long Bytes, string RunId, string Fingerprint, string WrittenBy)
{
    internal static SavedCheckpoint From(string folder, CheckpointManifest manifest, long manifestBytes) => new(
        folder, manifest.Number, manifest.Step, manifest.Created, manifestBytes + manifest.Arrays.Sum(array => array.Bytes), manifest.Run,
        manifest.Fingerprint, manifest.WrittenBy);
}

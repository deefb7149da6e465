namespace ElasticityStream.Actors.Checkpoints;

/// <summary>How far the mini-batches before a study are.</summary>
/// <param name="Batches">How many were taken.</param>
/// <param name="MeanLoss">The mean loss of the last.</param>
public sealed record PretrainingProgress(long Batches, double MeanLoss);

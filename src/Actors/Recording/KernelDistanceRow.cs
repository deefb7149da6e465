namespace ElasticityStream.Actors.Recording;

/// <summary>How far S_ker of a sweep is from the neural tangent kernel at the same weights.</summary>
/// <param name="Step">The number of steps done.</param>
/// <param name="Rows">How many rows, and columns, were compared: those of the probes that were measured.</param>
/// <param name="Frobenius">||S_ker - NTK|| / ||NTK|| in the Frobenius norm; null where it is not defined.</param>
/// <param name="LargestRow">The largest of the same over single rows, in the Euclidean norm; null where it is not defined.</param>
public sealed record KernelDistanceRow(long Step, int Rows, double? Frobenius, double? LargestRow);

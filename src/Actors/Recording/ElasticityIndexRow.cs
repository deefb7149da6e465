namespace ElasticityStream.Actors.Recording;

/// <summary>The elasticity index at one step.</summary>
/// <param name="Step">The number of steps done.</param>
/// <param name="Protocol">"online" for the rows gathered while training, "sweep" for a whole matrix at frozen weights.</param>
/// <param name="Measure">"relative" or "kernelized".</param>
/// <param name="Index">Same / (same + different); null where it is undefined.</param>
/// <param name="Reference">The index of the exactly linear model on the same probes; null where it is undefined.</param>
/// <param name="SameClass">Mean similarity over pairs i != j of one class; null if there is none.</param>
/// <param name="DifferentClass">Mean similarity over pairs of different classes; null if there is none.</param>
/// <param name="MeasuredRows">How many rows of the matrix have been measured.</param>
/// <param name="DegenerateRows">How many steps so far gave no row, because the denominator was 0 or not finite.</param>
public sealed record ElasticityIndexRow(
    long Step, string Protocol, string Measure, double? Index, double? Reference, double? SameClass, double? DifferentClass,
    int MeasuredRows, long DegenerateRows);

using ElasticityStream.Actors.Recording;

namespace ElasticityStream.Actors.Accumulation;

/// <summary>The neural tangent kernel at the weights of a sweep, over the probes whose S_ker the sweep measured.</summary>
/// <param name="Values">m x m, row-major; rows and columns are those of the kernelized similarity.</param>
/// <param name="Distance">How far that similarity is from it.</param>
public sealed record SweptKernel(double[] Values, KernelDistanceRow Distance);

namespace ElasticityStream.Compute.Models;

/// <summary>The values of one parameter, outside torch.</summary>
/// <param name="Name">The parameter's name in the module, such as <c>layer1.weight</c>.</param>
/// <param name="Shape">Its shape, row-major.</param>
/// <param name="Values">Its values.</param>
public sealed record ParameterArray(string Name, long[] Shape, double[] Values);

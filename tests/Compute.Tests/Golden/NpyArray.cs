namespace ElasticityStream.Compute.Tests.Golden;

/// <summary>An array as NumPy saved it.</summary>
/// <param name="Values">The entries in C order (row-major); as many as the product of <paramref name="Shape"/>.</param>
/// <param name="Shape">The length of each axis; empty for a scalar.</param>
public sealed record NpyArray<T>(T[] Values, int[] Shape)
    where T : unmanaged;

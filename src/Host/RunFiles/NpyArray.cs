namespace ElasticityStream.Host.RunFiles;

/// <summary>An array as it was read from a <c>.npy</c> file.</summary>
/// <param name="Values">The values in C order.</param>
/// <param name="Shape">The lengths of the dimensions; their product is the number of values.</param>
public sealed record NpyArray<T>(T[] Values, IReadOnlyList<long> Shape);

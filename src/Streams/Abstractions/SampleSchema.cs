namespace ElasticityStream;

/// <summary>What every sample of a source looks like.</summary>
public sealed record SampleSchema
{
    /// <summary>The shape of one sample's features, row-major: <c>[28, 28]</c> for an MNIST image, <c>[3]</c> for a point in space.</summary>
    public required IReadOnlyList<int> FeatureShape { get; init; }

    /// <summary>The names of all classes that occur, each once, in the order in which they are reported.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>How many samples one pass over the source emits; null if the source does not know or does not end.</summary>
    public long? Count { get; init; }

    /// <summary>The number of values of one sample: the product of <see cref="FeatureShape"/>.</summary>
    public int FeatureCount => FeatureShape.Aggregate(1, (product, length) => checked(product * length));
}

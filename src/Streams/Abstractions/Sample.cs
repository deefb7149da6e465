namespace ElasticityStream;

/// <summary>One training sample as a source emits it.</summary>
public sealed record Sample
{
    /// <summary>Identifies the sample within its source, the same at every opening. Not empty.</summary>
    public required string Id { get; init; }

    /// <summary>Where the sample stands in its source: 0, 1, 2, … in the order in which the source emits.</summary>
    public required long Position { get; init; }

    /// <summary>The input of the network, <see cref="SampleSchema.FeatureCount"/> finite values in float32.</summary>
    public required ReadOnlyMemory<float> Features { get; init; }

    /// <summary>What the network is trained towards: 0 or 1 with one output, the index of the class with several.</summary>
    public required double Label { get; init; }

    /// <summary>The class by which similarities and clusters are judged; one of <see cref="SampleSchema.Classes"/>. Never trained on.</summary>
    public required string Class { get; init; }

    /// <summary>Whether the sample is compared (primary) or only trained on (auxiliary).</summary>
    public SampleRole Role { get; init; }
}

namespace ElasticityStream.Compute.Probing;

/// <summary>One step in the first layer: the units that it moves or reads.</summary>
internal readonly unsafe struct FirstLayerStep
{
    /// <summary>How many units.</summary>
    public required int Count { get; init; }

    /// <summary>Which, ascending.</summary>
    public required int* Units { get; init; }

    /// <summary>-u of each.</summary>
    public required float* MinusU { get; init; }

    /// <summary>a of each.</summary>
    public required float* Activations { get; init; }

    /// <summary>Whether the step is applied.</summary>
    public required bool Applied { get; init; }
}

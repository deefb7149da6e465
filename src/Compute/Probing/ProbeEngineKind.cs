namespace ElasticityStream.Compute.Probing;

/// <summary>The ways to compute the change of the predictions at the probes.</summary>
public enum ProbeEngineKind
{
    /// <summary>The fastest engine that the model allows.</summary>
    Auto,

    /// <summary>One pass over the carried pre-activations a block; float32; networks with one hidden layer, and linear models.</summary>
    RankOne,

    /// <summary>Propagates the change through the layers; float32; every network of a study.</summary>
    DeltaForward,

    /// <summary>Subtracts two complete forward passes; float64; any module. The oracle.</summary>
    FullForward,
}

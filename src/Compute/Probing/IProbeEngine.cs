using ElasticityStream.Compute.Models;

namespace ElasticityStream.Compute.Probing;

/// <summary>A way to compute perturbations: a stepper that trains, and shards that follow it and observe the probes.</summary>
public interface IProbeEngine
{
    /// <summary>Which engine this is; never <see cref="ProbeEngineKind.Auto"/>.</summary>
    ProbeEngineKind Kind { get; }

    /// <summary>The precision of the arithmetic, in words for the record of a run.</summary>
    string Precision { get; }

    /// <summary>The most steps that one call of <see cref="IStepper.Step"/> describes in bounded memory.</summary>
    int MaxStepsPerCall { get; }

    /// <summary>
    /// Whether it pays to train in the closed form where every training sample is a probe: the stepper is then an <see cref="IClosedStepper"/> and
    /// the shards are <see cref="IHandOverShard"/>s.
    /// </summary>
    bool CanClose { get; }

    /// <summary>Creates the model, and the half that trains it.</summary>
    /// <param name="weights">What the model starts from; null for the initial weights of the engine's seed.</param>
    /// <exception cref="ArgumentException">The weights are those of a model of other parameters.</exception>
    IStepper CreateStepper(NetworkWeights? weights = null);

    /// <summary>Creates a shard without weights; <see cref="IProbeShard.Load"/> comes first.</summary>
    /// <param name="features">n x d, row-major: the features of the shard's probes.</param>
    /// <param name="count">n.</param>
    IProbeShard CreateShard(ReadOnlySpan<double> features, int count);
}

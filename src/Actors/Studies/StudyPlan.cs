using ElasticityStream.Compute.Clustering;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Similarity;
using ElasticityStream.Compute.Training;
using ElasticityStream.Streams;

namespace ElasticityStream.Actors.Studies;

/// <summary>Everything that a study is made of, resolved: no default is left to be chosen but the learning rate.</summary>
public sealed record StudyPlan
{
    /// <summary>Emits the training samples; validated.</summary>
    public required ISampleSource Source { get; init; }

    /// <summary>Where the perturbations are observed.</summary>
    public required ProbeSet Probes { get; init; }

    /// <summary>Creates the model and computes the perturbations.</summary>
    public required IProbeEngine Engine { get; init; }

    /// <summary>The loss and prediction of the same model.</summary>
    public required LossFunction Loss { get; init; }

    /// <summary>What the model starts from; null for the weights of the engine's seed.</summary>
    public required NetworkWeights? InitialWeights { get; init; }

    /// <summary>Whether the network has biases.</summary>
    public required bool Bias { get; init; }

    /// <summary>How rows come about.</summary>
    public required Protocol Protocol { get; init; }

    /// <summary>The order and number of the training samples; not used under <see cref="Protocol.Sweep"/>.</summary>
    public required TrainingStreamOptions Stream { get; init; }

    /// <summary>How many steps the stream has, if that is known; 0 under <see cref="Protocol.Sweep"/>.</summary>
    public required long? TotalSteps { get; init; }

    /// <summary>The mini-batches before the study, one a block; null for none.</summary>
    public required TrainingStreamOptions? Pretraining { get; init; }

    /// <summary>The learning rate of the mini-batches.</summary>
    public required double PretrainingLearningRate { get; init; }

    /// <summary>eta; null to choose 0.5 / mean K_ii over the probes.</summary>
    public required double? LearningRate { get; init; }

    /// <summary>How many evaluators share the probes; no more than there are probes.</summary>
    public required int Evaluators { get; init; }

    /// <summary>Whether every sample of the stream is a probe.</summary>
    public required bool TrainsOnProbesOnly { get; init; }

    /// <summary>Whether the trainer takes its samples' pre-activations from the evaluators (<see cref="IProbeEngine.CanClose"/>).</summary>
    public bool IsClosed => TrainsOnProbesOnly && Protocol == Protocol.Online && Engine.CanClose;

    /// <summary>How many probe requests may be in flight.</summary>
    public required int Credits { get; init; }

    /// <summary>Steps between two rebases.</summary>
    public required long RebaseEvery { get; init; }

    /// <summary>How often in a row actors that fail may go back to the same checkpoint; 0 to end the study at the first failure.</summary>
    public required int MaxRewinds { get; init; }

    /// <summary>Steps between two sweeps while training; null for none.</summary>
    public required long? SweepEvery { get; init; }

    /// <summary>Whether the neural tangent kernel is computed beside each sweep.</summary>
    public required bool SweepKernel { get; init; }

    /// <summary>What a row becomes when it is measured again.</summary>
    public required RowUpdate RowUpdate { get; init; }

    /// <summary>The weight of the newest row under <see cref="Compute.Similarity.RowUpdate.Ewma"/>.</summary>
    public required double EwmaWeight { get; init; }

    /// <summary>The clusterers; none for a study without clustering.</summary>
    public required IReadOnlyList<ClusteringMethod> ClusteringMethods { get; init; }

    /// <summary>The clusterers' options.</summary>
    public required ClusteringOptions Clustering { get; init; }

    /// <summary>Steps between two clusterings; null to cluster at the end only.</summary>
    public required long? ClusterEvery { get; init; }

    /// <summary>Steps between two rows of a recorded series.</summary>
    public required long RecordEvery { get; init; }

    /// <summary>Steps over which the reported loss is averaged.</summary>
    public required int Window { get; init; }

    /// <summary>Whether S holds the latest sweep, because the training samples are not probes or are not stepped at.</summary>
    public required bool RowsFromSweeps { get; init; }
}

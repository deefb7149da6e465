using System.Collections.Frozen;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Compute.Clustering;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Training;
using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.RunFiles.Thinning;
using ElasticityStream.Streams;
using TorchSharp;

namespace ElasticityStream.Host.Studies;

/// <summary>Makes the plan of a study from its configuration and its samples.</summary>
internal static class StudyComposer
{
    /// <summary>The network of one of the study's models.</summary>
    public static NetworkSpec Network(StudyConfiguration study, SampleSchema schema, ModelChoice model) => new(
        study.Model.Type, schema.FeatureCount, Hidden(study.Model), study.Model.Outputs, model.Activation, study.Model.Bias)
    {
        Convolutions = Convolutions(study.Model, schema),
    };

    /// <summary>The convolutions that the samples go through; null for a model without any, and for samples that are not images.</summary>
    public static ConvolutionSpec? Convolutions(ModelSection model, SampleSchema schema) =>
        model.Type == NetworkKind.Cnn && ImageShape.Of(schema.FeatureShape) is { } image
            ? new ConvolutionSpec(image, model.Channels, model.Kernel ?? ModelSection.DefaultKernel)
            : null;

    /// <summary>The probe engine of one of the study's models.</summary>
    public static IProbeEngine Engine(StudyConfiguration study, NetworkSpec network, torch.Device device) =>
        ProbeEngine.Create(study.Probe.Engine, network, LossFunction(study), device, study.Seed);

    /// <summary>The plan of one of the study's models.</summary>
    /// <param name="study">The configuration.</param>
    /// <param name="model">Which model.</param>
    /// <param name="samples">The validated samples.</param>
    /// <param name="probes">The probe set.</param>
    /// <param name="device">Where to compute.</param>
    public static StudyPlan Compose(
        StudyConfiguration study, ModelChoice model, ISampleSource samples, ProbeSet probes, torch.Device device)
    {
        var network = Network(study, samples.Schema, model);
        var heldOut = study.Probe.HeldOut ? probes.Samples.Select(s => s.Id).ToFrozenSet() : FrozenSet<string>.Empty;
        var sweepOnly = study.Training.Protocol == Protocol.Sweep;
        var pretraining = study.Training.Pretraining;
        var stream = new TrainingStreamOptions
        {
            Passes = model.Passes.Count,
            Shuffle = study.Training.Shuffle,
            Seed = study.Seed,
            BlockSize = study.Probe.BlockSize,
            ExcludedIds = heldOut,
        };
        return new StudyPlan
        {
            Source = samples,
            Probes = probes,
            Engine = Engine(study, network, device),
            Loss = LossFunction(study),
            InitialWeights = null,
            Bias = network.Bias,
            Protocol = study.Training.Protocol,
            Stream = stream,
            TotalSteps = sweepOnly ? 0 : (samples.Schema.Count - heldOut.Count) * model.Passes.Count,
            Pretraining = pretraining.Epochs > 0
                ? stream with { Passes = pretraining.Epochs, BlockSize = pretraining.BatchSize }
                : null,
            PretrainingLearningRate = pretraining.LearningRate,
            LearningRate = model.LearningRate.Value,
            Evaluators = Math.Min(study.Probe.Evaluators ?? OneForEachCore(probes), probes.Count),
            TrainsOnProbesOnly = samples is SampleSet set && heldOut.Count == 0 && set.Samples.All(s => probes.IndexOf(s.Id) >= 0),
            Credits = study.Probe.Credits,
            RebaseEvery = study.Probe.RebaseEvery,
            MaxRewinds = study.Recovery.MaxRewinds,
            SweepEvery = study.Sweep.Every,
            SweepKernel = study.Sweep.Ntk,
            RowUpdate = study.Similarity.Rows,
            EwmaWeight = study.Similarity.EwmaWeight ?? 1,
            ClusteringMethods = Clusters(study, probes) is null ? [] : study.Clustering.Methods,
            Clustering = new ClusteringOptions
            {
                Clusters = Clusters(study, probes) ?? 1,
                Restarts = study.Clustering.Restarts,
                Seed = study.Seed,
                Neighbours = study.Clustering.Neighbors,
                SpectralVectors = study.Clustering.Vectors,
            },
            ClusterEvery = study.Clustering.Every,
            RecordEvery = study.Output.RecordEvery,
            Window = study.Output.Window,
            RowsFromSweeps = sweepOnly || study.Probe.HeldOut,
        };
    }

    /// <summary>How much of a long study stays in its database.</summary>
    public static ThinningSettings Thinning(StudyConfiguration study)
    {
        // Nothing happens more often than once a block.
        long block = study.Probe.BlockSize;
        return new ThinningSettings(
            study.Output.KeepSteps, study.Output.KeepRecords, Math.Max(block, study.Output.RecordEvery),
            Often(study.Probe.HeldOut ? study.Sweep.Every : study.Clustering.Every), Often(study.Sweep.Every));

        long? Often(long? every) => every is null ? null : Math.Max(block, every.Value);
    }

    // A resnet-mlp states the width of both its hidden layers once.
    private static IReadOnlyList<int> Hidden(ModelSection model) =>
        model.Type == NetworkKind.ResnetMlp ? [model.Hidden[0], model.Hidden[0]] : model.Hidden;

    // A shard of 16 probes or more is computed in the same shapes as any other: its rows have the same bits (docs/adr/0007).
    private static int OneForEachCore(ProbeSet probes) => Math.Clamp(probes.Count / 16, 1, Environment.ProcessorCount);

    private static LossFunction LossFunction(StudyConfiguration study) => new(study.Training.Loss, study.Training.Prediction);

    // Probes of one class, as those of the synthetic curves, are not clustered unless the study says into how many.
    private static int? Clusters(StudyConfiguration study, ProbeSet probes) =>
        study.Clustering.Clusters ?? (probes.DistinctClasses > 1 ? probes.DistinctClasses : null);
}

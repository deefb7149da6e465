using Akka.Actor;
using ElasticityStream.Actors.Accumulation;
using ElasticityStream.Actors.Messages;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Supervision;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Compute.Clustering;
using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Actors.Clustering;

/// <summary>
/// Clusters the probes by their similarity, and by their raw features as a control.
/// <para>Accepts: <see cref="ClusteringProtocol.SimilaritySnapshot"/>.</para>
/// <para>Emits: <see cref="ClusteringProtocol.Clustered"/> to the sender of each.</para>
/// <para>Fails: never on a matrix it is sent; one that a method cannot cluster gets no clustering by that method.</para>
/// The labels of the update before survive from message to message, so that clusters keep their identity; the accumulator has them too, for checkpoints.
/// </summary>
public sealed class ClusteringActor : WatchedActor
{
    private readonly ClusteringSettings _settings;
    private readonly Dictionary<(SimilarityMeasure, ClusteringMethod), SimilarityClustering> _previous = [];
    private readonly Dictionary<ClusteringMethod, (int[] Probes, ClusteringScoresRow Scores)> _controls = [];

    /// <summary>Creates an actor that has clustered nothing.</summary>
    public ClusteringActor(ClusteringSettings settings, StudyActivity activity)
        : base(activity)
    {
        _settings = settings;
        foreach (var clustering in settings.Earlier)
            _previous[(clustering.Measure, clustering.Method)] = clustering;
        Receive<ClusteringProtocol.SimilaritySnapshot>(Cluster);
    }

    private void Cluster(ClusteringProtocol.SimilaritySnapshot snapshot)
    {
        using var span = StudyTracing.Start(StudyTracing.Cluster, snapshot.Trace);
        var clusterings = snapshot.Matrices.SelectMany(s => Cluster(snapshot, s)).ToArray();
        _settings.Metrics.Clustered([.. clusterings.Select(c => c.Row)]);
        Sender.Tell(new ClusteringProtocol.Clustered(snapshot.Final, clusterings, snapshot.Trace));
    }

    private IEnumerable<SimilarityClustering> Cluster(ClusteringProtocol.SimilaritySnapshot snapshot, MeasuredSimilarity similarity)
    {
        var methods = _settings.Methods.Where(method => Applies(method, similarity)).ToArray();
        if (methods.Length == 0)
            yield break;
        var matrix = similarity.Symmetrised();
        foreach (var method in methods)
        {
            Activity.Progressed();
            var result = Clusterer.Create(method, _settings.Options).Cluster(matrix, similarity.Probes.Length);
            yield return Describe(snapshot, similarity, result);
        }
    }

    private bool Applies(ClusteringMethod method, MeasuredSimilarity similarity)
    {
        var probes = similarity.Probes.Length;
        if (probes <= Math.Max(_settings.Options.Clusters, _settings.Options.SpectralVectors ?? 0))
            return false;
        return method switch
        {
            ClusteringMethod.KMeans => similarity.Measure == SimilarityMeasure.Relative,
            ClusteringMethod.KernelKMeans => similarity.Measure == SimilarityMeasure.Kernelized,
            ClusteringMethod.SpectralNormalized => Enumerable.Range(0, probes).All(i => similarity.Values[(i * probes) + i] > 0),
            _ => true,
        };
    }

    private SimilarityClustering Describe(
        ClusteringProtocol.SimilaritySnapshot snapshot, MeasuredSimilarity similarity, ClusteringResult result)
    {
        var key = (similarity.Measure, result.Method);
        var previous = _previous.GetValueOrDefault(key);
        var matched = ClusterIdentity.Match(
            [.. previous?.Probes ?? []], [.. previous?.Labels ?? []], similarity.Probes, result.Labels.AsSpan());
        var sizes = new int[matched.Labels.Max() + 1];
        foreach (var label in matched.Labels)
            sizes[label]++;
        var row = new ClusteringRow(
            snapshot.Step, Names.Of(similarity.Measure), Names.Of(result.Method), snapshot.Final, similarity.Probes.Length,
            result.Objective, Score(result, similarity.Probes), Control(result.Method, similarity.Probes), matched.Churn, sizes);
        var clustering = new SimilarityClustering(similarity.Measure, result.Method, similarity.Probes, matched.Labels, row);
        _previous[key] = clustering;
        return clustering;
    }

    // The features do not change: the control is computed again only when other probes have been measured.
    private ClusteringScoresRow Control(ClusteringMethod method, int[] probes)
    {
        if (_controls.TryGetValue(method, out var known) && known.Probes.AsSpan().SequenceEqual(probes))
            return known.Scores;
        var features = new double[(long)probes.Length * _settings.Probes.FeatureCount];
        foreach (var (row, probe) in probes.Index())
        {
            var values = _settings.Probes.Samples[probe].Features.Span;
            for (var k = 0; k < values.Length; k++)
                features[(row * values.Length) + k] = values[k];
        }

        // Where x.x' cannot be normalised, because a probe is the zero vector, plain spectral clustering is the nearest control.
        var control = method == ClusteringMethod.SpectralNormalized && HasZeroRow(features, probes.Length) ? ClusteringMethod.Spectral : method;
        var scores = Score(Clusterer.Create(control, _settings.Options).ClusterFeatures(features, probes.Length), probes);
        _controls[method] = (probes, scores);
        return scores;
    }

    private static bool HasZeroRow(double[] features, int rows) =>
        features.Chunk(features.Length / rows).Any(row => Array.TrueForAll(row, v => v == 0));

    private ClusteringScoresRow Score(ClusteringResult result, int[] probes)
    {
        var classes = Array.ConvertAll(probes, p => _settings.Probes.Classes[p]);
        var best = result.Score(classes);
        var spread = Spread.Of(result.RestartAccuracies(classes));
        return new ClusteringScoresRow(
            best.Accuracy, best.AdjustedRandIndex, best.NormalisedMutualInformation,
            spread.Minimum, spread.Mean, spread.Maximum, result.Restarts.Length);
    }
}

using ElasticityStream.Actors.Clustering;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Compute.Similarity;
using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.Plots;
using ElasticityStream.Host.RunFiles;

namespace ElasticityStream.Host.Studies;

/// <summary>Draws the pictures of one model.</summary>
internal sealed class ModelPictures(StudyConfiguration study, ProbeSet probes, IGeodesicDistance? geodesic)
{
    private const int LossWindows = 200;

    /// <summary>Draws all that there is something to draw of.</summary>
    /// <param name="result">The model.</param>
    /// <param name="contrast">The model that it is compared with, whose curves join those of the series; null for none.</param>
    /// <param name="controlName">What the control clusters, as in "pixels".</param>
    public void Draw(ModelResult result, ModelResult? contrast, string controlName)
    {
        var caption = new FigureCaption(study.Name, result.Network.ToString());
        using var database = new RunDatabaseReader(result.Files.Database);
        using var contrastDatabase = contrast is null ? null : new RunDatabaseReader(contrast.Files.Database);
        new ElasticityIndexFigure
        {
            Caption = caption,
            ModelName = result.Name,
            Rows = database.ReadIndex(),
            ContrastName = contrast?.Name,
            ContrastRows = contrastDatabase?.ReadIndex() ?? [],
        }.Save(result.Files.Plot("elasticity-index"));
        new LossFigure
        {
            Caption = caption,
            LossName = ChoiceNames.Of(study.Training.Loss),
            ModelName = result.Name,
            Windows = database.ReadLossWindows(LossWindows),
            ContrastName = contrast?.Name,
            ContrastWindows = contrastDatabase?.ReadLossWindows(LossWindows) ?? [],
        }.Save(result.Files.Plot("loss"));
        new ClusteringAccuracyFigure
        {
            Caption = caption,
            Rows = database.ReadClusterings(),
            ControlName = controlName,
        }.Save(result.Files.Plot("clustering-accuracy"));
        foreach (var measure in result.Outcome.Measurements.Measures.Where(m => m.Similarity.Probes.Length > 1))
            Draw(caption, result, measure);
    }

    private void Draw(FigureCaption caption, ModelResult result, MeasureResult measure)
    {
        var similarity = measure.Similarity;
        var size = similarity.Probes.Length;
        var name = Names.Of(measure.Measure);
        var symmetrised = similarity.Symmetrised();
        var classes = Array.ConvertAll(similarity.Probes, p => probes.Samples[p].Class);
        new SimilarityHeatmap
        {
            Caption = caption,
            Measure = name,
            Symmetrised = true,
            Similarity = symmetrised,
            GroupKind = "class",
            Groups = classes,
        }.Save(result.Files.Plot($"{name}-by-class"));
        if (FirstClustering(result, measure.Measure) is { } clustering)
        {
            new SimilarityHeatmap
            {
                Caption = caption,
                Measure = name,
                Symmetrised = true,
                Similarity = symmetrised,
                GroupKind = "cluster",
                Groups = [.. clustering.Labels.Select(Names.OfCluster)],
                ClassesWithinGroups = classes,
            }.Save(result.Files.Plot($"{name}-by-cluster"));
        }

        if (geodesic is null || result.GeodesicCorrelations[measure.Measure] is not { } correlation)
            return;
        new GeodesicFigure
        {
            Caption = caption,
            Measure = name,
            Probes = size,
            Similarity = (i, j) => similarity.Values[(i * size) + j],
            Distance = (i, j) => geodesic.Distance(probes.Samples[similarity.Probes[i]], probes.Samples[similarity.Probes[j]]),
            DistanceLabel = geodesic.DistanceLabel,
            Correlation = correlation,
        }.Save(result.Files.Plot($"{name}-by-distance"));
    }

    private static SimilarityClustering? FirstClustering(ModelResult result, SimilarityMeasure measure) =>
        result.Outcome.Measurements.Clusterings.FirstOrDefault(c => c.Measure == measure);
}

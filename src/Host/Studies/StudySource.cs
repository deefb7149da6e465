using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Training;
using ElasticityStream.Host.Configuration;
using ElasticityStream.Streams;
using ElasticityStream.Streams.Validation;

namespace ElasticityStream.Host.Studies;

/// <summary>The source that a study names, opened far enough to know that its files are there.</summary>
internal sealed class StudySource
{
    private readonly ISampleSource _source;
    private readonly StudyConfiguration _study;

    private StudySource(ISampleSource source, StudyConfiguration study, string studyFile)
    {
        _source = source;
        _study = study;
        StudyFile = studyFile;
    }

    /// <summary>The absolute path of the study file.</summary>
    public string StudyFile { get; }

    /// <summary>What the samples look like.</summary>
    public SampleSchema Schema => _source.Schema;

    /// <summary>The distances between samples along the curve they lie on; null if the source knows none.</summary>
    public IGeodesicDistance? Geodesic => _source as IGeodesicDistance;

    /// <summary>Opens the source.</summary>
    /// <param name="study">The study.</param>
    /// <param name="studyFile">The file it was read from; relative paths in the source's options start at its folder.</param>
    /// <exception cref="SampleSourceException">
    /// A file is missing or damaged, what the options ask for is not there, or the model cannot take such samples.
    /// </exception>
    public static StudySource Open(StudyConfiguration study, string studyFile)
    {
        var path = Path.GetFullPath(studyFile);
        var factory = SampleSourceRegistry.BuiltIn.Find(study.Source.Type);
        var source = factory.Create(study.Source.Options, new SampleSourceContext(Path.GetDirectoryName(path)!, study.Seed));
        if (study.Training.Loss == Loss.CrossEntropy && source.Schema.Classes.Count > study.Model.Outputs)
        {
            throw new SampleSourceException(
                $"The source has {source.Schema.Classes.Count} classes ({string.Join(", ", source.Schema.Classes)}), but model.outputs is "
                + $"{study.Model.Outputs}: a softmax classifier needs one output for each class.");
        }

        RequireImages(study, source.Schema);
        return new StudySource(source, study, path);
    }

    /// <summary>The source, opened again where it fails, with bad samples diverted, in memory where the study needs a random order.</summary>
    /// <param name="log">Takes the diverted samples.</param>
    /// <param name="restarting">Told whenever the source is about to be opened again.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    public async Task<ISampleSource> LoadAsync(IRejectedSampleLog log, Action<SourceRestart> restarting, CancellationToken cancellationToken)
    {
        var labels = _study.Training.Loss switch
        {
            Loss.Bce => LabelRange.Probability,
            Loss.CrossEntropy => LabelRange.ClassIndex(_study.Model.Outputs),
            _ => LabelRange.Finite,
        };
        var restarted = new RestartingSampleSource(_source, _study.Source.Retries, restarting, TimeProvider.System);
        var validated = new ValidatedSampleSource(restarted, labels, log, _study.Source.MaxRejectedFraction);
        return _study.Training.Shuffle ? await SampleSet.LoadAsync(validated, cancellationToken) : validated;
    }

    private static void RequireImages(StudyConfiguration study, SampleSchema schema)
    {
        if (study.Model.Type != NetworkKind.Cnn)
            return;
        var shape = string.Join(" x ", schema.FeatureShape);
        if (StudyComposer.Convolutions(study.Model, schema) is not { } convolutions)
        {
            throw new SampleSourceException(
                $"A sample of {study.Source.Type} has the shape {shape}, but model.type: cnn needs images, which are height x width or "
                + "channels x height x width; state model.type: mlp for other samples.");
        }

        if (!convolutions.Fits)
        {
            throw new SampleSourceException(
                $"A sample of {study.Source.Type} has the shape {shape}, but two convolutions with model.kernel: {convolutions.Kernel}, each followed by "
                + $"2 x 2 pooling, need an image of at least {convolutions.SmallestImage} x {convolutions.SmallestImage}.");
        }
    }
}

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

    /// <summary>Whether it can be opened at any position; one that cannot goes on with what comes next.</summary>
    public bool CanSeek => _source.CanSeek;

    /// <summary>The source, opened again where it fails, with bad samples diverted, in memory where the study needs a random order.</summary>
    /// <param name="log">Takes the diverted samples.</param>
    /// <param name="earlier">What was diverted before, where the study goes on.</param>
    /// <param name="restarting">Told whenever the source is about to be opened again.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    public async Task<StudySamples> LoadAsync(
        IRejectedSampleLog log, EarlierRejections earlier, Action<SourceRestart> restarting, CancellationToken cancellationToken)
    {
        var labels = _study.Training.Loss switch
        {
            Loss.Bce => LabelRange.Probability,
            Loss.CrossEntropy => LabelRange.ClassIndex(_study.Model.Outputs),
            _ => LabelRange.Finite,
        };
        var restarted = new RestartingSampleSource(_source, _study.Source.Retries, restarting, TimeProvider.System);
        // Actors that go back to a checkpoint read again what came since: of a source that cannot, so much is kept. Between two checkpoints in memory
        // there are as many steps as between two rebases, and some blocks are on their way.
        var kept = _source.CanSeek || _study.Training.Shuffle ? null : new ReplayBuffer(restarted, ReplayCapacity);
        var validated = new ValidatedSampleSource(kept ?? (ISampleSource)restarted, labels, log, _study.Source.MaxRejectedFraction, earlier);
        return new StudySamples(_study.Training.Shuffle ? await SampleSet.LoadAsync(validated, cancellationToken) : validated, kept);
    }

    private int ReplayCapacity => (int)Math.Min(int.MaxValue, (2 * _study.Probe.RebaseEvery) + (16L * _study.Probe.BlockSize));

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

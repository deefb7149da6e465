using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Training;
using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.RunFiles.Checkpoints;
using ElasticityStream.Streams;

namespace ElasticityStream.Host.Studies;

/// <summary>A run that is on the disk: one to take weights from, to go on with, or to look at.</summary>
internal sealed class SavedRun
{
    private SavedRun(RunDirectory directory, RunDescription description)
    {
        Directory = directory;
        Description = description;
    }

    /// <summary>Its folder.</summary>
    public RunDirectory Directory { get; }

    /// <summary>Its <c>run.json</c>.</summary>
    public RunDescription Description { get; }

    /// <summary>Opens the folder of a run.</summary>
    /// <exception cref="SavedRunException">It is none.</exception>
    public static SavedRun Open(string folder)
    {
        var directory = RunDirectory.Existing(folder);
        if (!File.Exists(directory.DescriptionFile) || !File.Exists(directory.StudyFile))
        {
            throw new SavedRunException(
                $"'{folder}' is not the folder of a run: it has no {(File.Exists(directory.DescriptionFile) ? "study.yaml" : "run.json")}.");
        }

        try
        {
            var description = RunDescription.Read(directory.DescriptionFile);
            return description is { StudyFile.Length: > 0 }
                ? new SavedRun(directory, description)
                : throw new SavedRunException($"'{directory.DescriptionFile}' does not name the study file that the run was started with.");
        }
        catch (RunDirectoryException e)
        {
            throw new SavedRunException(e.Message, e);
        }
    }

    /// <summary>
    /// The newest run of a study in its folder for runs; null if there is none. Runs of studies that have the same name and would give other results are
    /// not of this study, nor are sweeps.
    /// </summary>
    /// <exception cref="SavedRunException">The folder cannot be read, or nobody can tell whose the newest run is.</exception>
    public static SavedRun? Newest(StudyConfiguration study)
    {
        var folder = Path.Combine(study.Output.Directory, study.Name);
        var fingerprint = StudyFingerprint.Of(study);
        // A folder without run.json is of a process that was ended as it began: there is nothing in it to go on with.
        foreach (var run in Folders(folder).Where(f => File.Exists(Path.Combine(f, "run.json"))).OrderByDescending(f => Path.GetFileName(f), StringComparer.Ordinal))
        {
            try
            {
                var saved = Open(run);
                if (saved.Description.SweepOf is null && StudyFingerprint.Of(saved.ReadStudy()) == fingerprint)
                    return saved;
            }
            catch (SavedRunException e)
            {
                throw new SavedRunException($"{e.Message} Repair it, or move '{run}' elsewhere: it may be the run to go on with.", e);
            }
        }

        return null;
    }

    private StudyConfiguration ReadStudy()
    {
        var read = StudyFile.Load(Directory.StudyFile, [], KnownSources.Of(SampleSourceRegistry.BuiltIn.All));
        return read.Configuration ?? throw new SavedRunException(string.Join(' ', read.Errors.Select(e => $"{e}.")));
    }

    private static string[] Folders(string folder)
    {
        try
        {
            return System.IO.Directory.Exists(folder) ? System.IO.Directory.GetDirectories(folder) : [];
        }
        catch (Exception e) when (RunDirectoryException.IsFileFailure(e))
        {
            throw new SavedRunException(RunDirectoryException.From(folder, "look for runs in", e).Message, e);
        }
    }

    /// <summary>The study that takes one sweep, with its tangent kernel, and everything else as in the run.</summary>
    /// <param name="study">The run's study.</param>
    /// <param name="weights">"initial", "final" or "step-12345".</param>
    /// <param name="learningRate">eta, or auto; null for that of each of the run's models.</param>
    public StudyConfiguration SweepOf(StudyConfiguration study, string weights, LearningRateSetting? learningRate)
    {
        // A sweep trains on nothing: as a study of its own it could not state that it goes on without end.
        var once = PassesSetting.Of(1);
        var contrast = study.Contrast is { } given && Exist(Directory.Contrast, weights)
            ? given with
            {
                LearningRate = Rate(Description.Contrast, Directory.Contrast!, given.LearningRate, weights, learningRate),
                Passes = given.Passes is { IsUnlimited: true } ? once : given.Passes,
            }
            : null;
        return study with
        {
            Training = study.Training with
            {
                Protocol = Protocol.Sweep,
                Passes = study.Training.Passes.IsUnlimited ? once : study.Training.Passes,
                LearningRate = Rate(Description.Main, Directory.Main, study.Training.LearningRate, weights, learningRate),
                Pretraining = new PretrainingSection(),
            },
            Sweep = study.Sweep with { Every = null, Ntk = true },
            Contrast = contrast,
        };
    }

    /// <summary>The weights of the models that a study has.</summary>
    /// <param name="study">As <see cref="SweepOf"/> returned it.</param>
    /// <param name="schema">Of its samples.</param>
    /// <param name="weights">"initial", "final" or "step-12345".</param>
    /// <exception cref="SavedRunException">They are missing, damaged, or of another network.</exception>
    public StartingPoint Start(StudyConfiguration study, SampleSchema schema, string weights)
    {
        return new StartingPoint(
            new WeightsOrigin(Directory.Root, weights),
            Read(Directory.Main, ModelChoice.OfStudy(study)),
            ModelChoice.OfContrast(study) is { } contrast ? Read(Directory.Contrast!, contrast) : null);

        Func<StudyPlan, NetworkWeights> Read(ModelFiles files, ModelChoice model)
        {
            if (CheckpointFolder(files, weights) is not null)
                return LoadCheckpoint(files, weights).Weights;
            var network = StudyComposer.Network(study, schema, model);
            var read = SavedWeights.Read(Folder(files, weights), StudyComposer.Engine(study, network, TorchSharp.torch.CPU), network.ToString());
            return _ => read;
        }
    }

    private static bool Exist(ModelFiles? files, string weights) => files is not null
        && (CheckpointFolder(files, weights) is { } checkpoint ? System.IO.Directory.Exists(checkpoint) : SavedWeights.Exist(Folder(files, weights)));

    private static string Folder(ModelFiles files, string weights) => weights == "initial" ? files.InitialWeights : files.FinalWeights;

    // Null where the weights are not those of a checkpoint.
    private static string? CheckpointFolder(ModelFiles files, string weights) =>
        CheckpointName.TryParse(weights, out var step) ? Path.Combine(files.Checkpoints, CheckpointName.Of(step)) : null;

    private static RestoredStudy LoadCheckpoint(ModelFiles files, string weights)
    {
        try
        {
            return new RestoredStudy(CheckpointReader.Load(CheckpointFolder(files, weights)!).Checkpoint);
        }
        catch (RunDirectoryException e)
        {
            var there = string.Join(", ", CheckpointReader.List(files.Checkpoints).Checkpoints.Select(c => $"step-{c.Step}"));
            throw new SavedRunException($"{e.Message} The run has {(there.Length > 0 ? there : "no checkpoint")}.", e);
        }
    }

    // A run that chose its rate itself has it in its checkpoints, and in run.json once it has ended; otherwise it is chosen again, at the weights given.
    private static LearningRateSetting Rate(
        ModelDescription? model, ModelFiles files, LearningRateSetting ofStudy, string weights, LearningRateSetting? given)
    {
        if (given is { } chosen)
            return chosen;
        var rate = CheckpointFolder(files, weights) is null ? model?.LearningRate : LoadCheckpoint(files, weights).State.Trainer.LearningRate;
        return rate > 0 ? LearningRateSetting.Fixed(rate.Value) : ofStudy;
    }
}

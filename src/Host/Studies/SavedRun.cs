using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Training;
using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.RunFiles;

namespace ElasticityStream.Host.Studies;

/// <summary>A run that a sweep takes its weights from. Nothing is written into it.</summary>
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

    /// <summary>The study that takes one sweep, with its tangent kernel, and everything else as in the run.</summary>
    /// <param name="study">The run's study.</param>
    /// <param name="weights">"initial" or "final".</param>
    /// <param name="learningRate">eta, or auto; null for that of each of the run's models.</param>
    public StudyConfiguration SweepOf(StudyConfiguration study, string weights, LearningRateSetting? learningRate)
    {
        // A sweep trains on nothing: as a study of its own it could not state that it goes on without end.
        var once = PassesSetting.Of(1);
        var contrast = study.Contrast is { } given && SavedWeights.Exist(Folder(Directory.Contrast, weights))
            ? given with
            {
                LearningRate = Rate(Description.Contrast, given.LearningRate, learningRate),
                Passes = given.Passes is { IsUnlimited: true } ? once : given.Passes,
            }
            : null;
        return study with
        {
            Training = study.Training with
            {
                Protocol = Protocol.Sweep,
                Passes = study.Training.Passes.IsUnlimited ? once : study.Training.Passes,
                LearningRate = Rate(Description.Main, study.Training.LearningRate, learningRate),
                Pretraining = new PretrainingSection(),
            },
            Sweep = study.Sweep with { Every = null, Ntk = true },
            Contrast = contrast,
        };
    }

    /// <summary>The weights of the models that a study has.</summary>
    /// <param name="study">As <see cref="SweepOf"/> returned it.</param>
    /// <param name="schema">Of its samples.</param>
    /// <param name="weights">"initial" or "final".</param>
    /// <exception cref="SavedRunException">They are missing, damaged, or of another network.</exception>
    public StartingPoint Start(StudyConfiguration study, SampleSchema schema, string weights)
    {
        return new StartingPoint(
            new WeightsOrigin(Directory.Root, weights),
            Read(Directory.Main, ModelChoice.OfStudy(study)),
            ModelChoice.OfContrast(study) is { } contrast ? Read(Directory.Contrast!, contrast) : null);

        NetworkWeights Read(ModelFiles files, ModelChoice model)
        {
            var network = StudyComposer.Network(study, schema, model);
            return SavedWeights.Read(Folder(files, weights), StudyComposer.Engine(study, network, TorchSharp.torch.CPU), network.ToString());
        }
    }

    private static string Folder(ModelFiles? files, string weights) =>
        files is null ? "" : weights == "initial" ? files.InitialWeights : files.FinalWeights;

    // A run that chose its rate itself has it in run.json once it has ended; otherwise it is chosen again, at the weights given.
    private static LearningRateSetting Rate(ModelDescription? model, LearningRateSetting ofStudy, LearningRateSetting? given) =>
        given ?? (model?.LearningRate > 0 ? LearningRateSetting.Fixed(model.LearningRate) : ofStudy);
}

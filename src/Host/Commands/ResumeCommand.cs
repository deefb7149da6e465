using System.CommandLine;
using ElasticityStream.Host.Studies;

namespace ElasticityStream.Host.Commands;

/// <summary><c>elasticity resume</c>: goes on with a run whose process ended before its study did.</summary>
internal sealed class ResumeCommand
{
    private readonly Argument<string> _run = new("run") { Description = "The folder of a run, as in runs/quickstart/20260301-093005-a1b2c3." };
    private readonly StudyExecution _execution = new(outputDescription: null);

    private readonly Option<string?> _studyFolder = new("--study-folder")
    {
        Description = "Where relative paths of the study's source start, if its study file was moved.",
        HelpName = "DIR",
    };

    public static Command Create()
    {
        var resume = new ResumeCommand();
        var command = new Command("resume", "Goes on with a run from its last checkpoint, as if it had never stopped.");
        command.Arguments.Add(resume._run);
        command.Options.Add(resume._studyFolder);
        resume._execution.AddTo(command);
        command.SetAction((arguments, _) => resume.RunAsync(arguments));
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments)
    {
        var error = arguments.InvocationConfiguration.Error;
        SavedRun saved;
        try
        {
            saved = SavedRun.Open(arguments.GetRequiredValue(_run));
            if (saved.Description.SweepOf is not null)
                throw new SavedRunException($"'{saved.Directory.Root}' is a sweep, which is not gone on with; take it again with elasticity sweep.");
        }
        catch (SavedRunException e)
        {
            error.WriteLine(e.Message);
            error.WriteLine("Nothing was started.");
            return ExitCode.BadConfiguration;
        }

        if (StudyExecution.IsComplete(saved, error))
            return ExitCode.Done;

        var file = saved.Directory.StudyFile;
        var studyFile = arguments.GetValue(_studyFolder) is { } folder
            ? Path.Combine(folder, Path.GetFileName(saved.Description.StudyFile))
            : saved.Description.StudyFile;
        if (StudyArguments.Load(file, [], error) is not { } study || StudyArguments.Open(study, file, studyFile, error) is not { } source)
            return ExitCode.BadConfiguration;
        return await _execution.ResumeAsync(arguments, study, source, saved);
    }
}

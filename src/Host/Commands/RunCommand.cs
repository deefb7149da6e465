using System.CommandLine;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.Studies;

namespace ElasticityStream.Host.Commands;

/// <summary><c>elasticity run</c>: runs a study and prints what it found.</summary>
internal sealed class RunCommand
{
    private readonly StudyArguments _study = new();
    private readonly StudyExecution _execution = new("The folder for runs, instead of the study's output.directory.");

    private readonly Option<bool> _orResume = new("--or-resume")
    {
        Description = "Goes on with the newest run of this very study, if there is one; for services.",
    };

    public static Command Create()
    {
        var run = new RunCommand();
        var command = new Command("run", "Runs a study.");
        run._study.AddTo(command);
        run._execution.AddTo(command);
        command.Options.Add(run._orResume);
        command.SetAction((arguments, _) => run.RunAsync(arguments));
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments)
    {
        if (_study.Load(arguments, arguments.InvocationConfiguration.Error) is not { } loaded)
            return ExitCode.BadConfiguration;
        var (study, source) = loaded;
        if (_execution.Output(arguments) is { } output)
            study = study with { Output = study.Output with { Directory = output } };
        var runs = study.Output.Directory;
        if (RunDirectory.IsRun(runs))
        {
            var error = arguments.InvocationConfiguration.Error;
            error.WriteLine(
                $"'{runs}' is the folder of a run, and no run is kept within another. Give --output the folder that holds all runs, or go on with that one: elasticity resume {runs}");
            error.WriteLine("Nothing was started.");
            return ExitCode.BadConfiguration;
        }

        if (arguments.GetValue(_orResume))
        {
            try
            {
                if (SavedRun.Newest(study) is { } saved)
                {
                    return StudyExecution.IsComplete(saved, arguments.InvocationConfiguration.Error)
                        ? ExitCode.Done
                        : await _execution.ResumeAsync(arguments, study, source, saved);
                }
            }
            catch (SavedRunException e)
            {
                arguments.InvocationConfiguration.Error.WriteLine(e.Message);
                arguments.InvocationConfiguration.Error.WriteLine("Nothing was started.");
                return ExitCode.BadConfiguration;
            }
        }

        return await _execution.RunAsync(arguments, study.Telemetry, (device, progress) => new StudyRun(
            study, source, device, RunDirectory.Create(study.Output.Directory, study.Name, TimeProvider.System, study.Contrast is not null), progress));
    }
}

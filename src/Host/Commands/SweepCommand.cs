using System.CommandLine;
using System.CommandLine.Parsing;
using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.RunFiles.Checkpoints;
using ElasticityStream.Host.Studies;

namespace ElasticityStream.Host.Commands;

/// <summary><c>elasticity sweep</c>: one complete sweep at the weights that a run saved.</summary>
internal sealed class SweepCommand
{
    private const string Initial = "initial";
    private const string Final = "final";

    private readonly Argument<string> _run = new("run") { Description = "The folder of a run, as in runs/quickstart/20260301-093005-a1b2c3." };
    private readonly StudyExecution _execution = new("The folder for runs, instead of beside the run.");

    private readonly Option<string> _weights = new("--weights")
    {
        Description = "Which of the run's weights: initial, final, or step-N for those of the checkpoint at step N.",
        HelpName = $"{Initial}|{Final}|step-N",
        DefaultValueFactory = _ => Final,
        Validators = { CheckWeights },
    };

    private readonly Option<LearningRateSetting?> _learningRate = new("--learning-rate")
    {
        Description = "The step size of the virtual steps, or auto, instead of that of the run.",
        HelpName = "RATE",
        CustomParser = argument =>
        {
            var text = argument.Tokens[^1].Value;
            if (LearningRateSetting.TryParse(text, out var setting))
                return setting;
            argument.AddError($"--learning-rate: expected a number greater than 0, or auto, found {text}.");
            return null;
        },
    };

    private static void CheckWeights(OptionResult option)
    {
        if (option.Tokens is [.., { Value: not Initial and not Final and var given }] && !CheckpointName.TryParse(given, out _))
            option.AddError($"--weights: expected {Initial}, {Final}, or step-N with the step of a checkpoint, found {given}.");
    }

    public static Command Create()
    {
        var sweep = new SweepCommand();
        var command = new Command("sweep", "Takes one complete sweep at the weights that a run saved, into a run directory of its own.");
        command.Arguments.Add(sweep._run);
        command.Options.Add(sweep._weights);
        command.Options.Add(sweep._learningRate);
        sweep._execution.AddTo(command);
        command.SetAction((arguments, _) => sweep.RunAsync(arguments));
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments)
    {
        var error = arguments.InvocationConfiguration.Error;
        try
        {
            return await RunAsync(arguments, SavedRun.Open(arguments.GetRequiredValue(_run)), error);
        }
        catch (SavedRunException e)
        {
            error.WriteLine(e.Message);
            error.WriteLine("Nothing was started.");
            return ExitCode.BadConfiguration;
        }
    }

    private async Task<int> RunAsync(ParseResult arguments, SavedRun saved, TextWriter error)
    {
        var file = saved.Directory.StudyFile;
        if (StudyArguments.Load(file, [], error) is not { } original
            || StudyArguments.Open(original, file, saved.Description.StudyFile, error) is not { } source)
            return ExitCode.BadConfiguration;

        var weights = arguments.GetRequiredValue(_weights);
        // The run may have been moved since; the sweep lies beside it.
        var output = _execution.Output(arguments) ?? Path.GetFullPath(Path.Combine(saved.Directory.Root, "..", ".."));
        var study = saved.SweepOf(original, weights, arguments.GetValue(_learningRate)) with { Output = original.Output with { Directory = output } };
        if (original.Contrast is not null && study.Contrast is null)
            error.WriteLine($"The run saved no {weights} weights of its contrast, which is left out.");
        return await _execution.RunAsync(arguments, study.Telemetry, (device, progress) =>
        {
            var start = saved.Start(study, source.Schema, weights);
            var directory = RunDirectory.CreateForSweep(
                saved.Directory.Root, _execution.Output(arguments), study.Name, TimeProvider.System, study.Contrast is not null);
            return new StudyRun(study, source, device, directory, progress, start);
        });
    }
}

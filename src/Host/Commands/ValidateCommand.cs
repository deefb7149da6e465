using System.CommandLine;

namespace ElasticityStream.Host.Commands;

/// <summary><c>elasticity validate</c>: checks a study file and the data that it names, and starts nothing.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var study = new StudyArguments();
        var command = new Command("validate", "Checks a study file and the data that it names.");
        study.AddTo(command);
        command.SetAction(arguments =>
        {
            if (study.Load(arguments, arguments.InvocationConfiguration.Error) is not { } loaded)
                return ExitCode.BadConfiguration;
            var schema = loaded.Source.Schema;
            arguments.InvocationConfiguration.Output.WriteLine(
                $"{loaded.Study.Name}: valid; {(schema.Count is { } count ? $"{count:N0} samples" : "samples")} of "
                + $"{schema.FeatureCount} features, classes {string.Join(", ", schema.Classes)}.");
            return ExitCode.Done;
        });
        return command;
    }
}

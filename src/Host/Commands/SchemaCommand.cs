using System.CommandLine;
using ElasticityStream.Host.Configuration;

namespace ElasticityStream.Host.Commands;

/// <summary><c>elasticity schema</c>: the JSON schema of study files, for editors, or the reference page.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var reference = new Option<bool>("--reference") { Description = "Print docs/configuration.md instead." };
        var command = new Command("schema", "Prints the JSON schema of study files (configs/study.schema.json).") { reference };
        command.SetAction(arguments =>
        {
            var sources = StudyArguments.Sources;
            arguments.InvocationConfiguration.Output.Write(
                arguments.GetValue(reference) ? ConfigurationReference.Generate(sources) : StudySchema.Generate(sources));
            return ExitCode.Done;
        });
        return command;
    }
}

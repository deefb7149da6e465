using System.CommandLine;
using ElasticityStream.Host.Configuration;
using ElasticityStream.Streams;

namespace ElasticityStream.Host.Commands;

/// <summary><c>elasticity sources</c>: what a study can take its samples from.</summary>
internal static class SourcesCommand
{
    private const int KeyWidth = 20;

    public static Command Create()
    {
        var command = new Command("sources", "Lists the sources of samples with their options.");
        command.SetAction(arguments =>
        {
            var output = arguments.InvocationConfiguration.Output;
            output.WriteLine("In a study file: source: { type: NAME, options: { … } }");
            foreach (var factory in SampleSourceRegistry.BuiltIn.All)
                Write(factory, output);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(ISampleSourceFactory factory, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"{factory.Name}");
        output.WriteLine($"  {factory.Description}");
        foreach (var option in OptionsKeys.Of(factory.OptionsType).Properties)
        {
            output.WriteLine($"    {option.Key.PadRight(KeyWidth)} {option.Allowed}; {(option.IsRequired ? "required" : $"default {ConfigurationReference.Default(option)}")}");
            output.WriteLine($"    {new string(' ', KeyWidth)} {option.Description}");
        }
    }
}

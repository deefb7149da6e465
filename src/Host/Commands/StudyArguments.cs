using System.CommandLine;
using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.Studies;
using ElasticityStream.Streams;

namespace ElasticityStream.Host.Commands;

/// <summary>The arguments that name a study, and what they lead to.</summary>
internal sealed class StudyArguments
{
    private readonly Argument<string> _file = new("study")
    {
        Description = "The study file (YAML; see docs/configuration.md).",
    };

    private readonly Option<string[]> _overrides = new("--set")
    {
        Description = "Replaces a value of the study, as in --set model.hidden=[64]; may be given several times.",
        HelpName = "path=value",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public static KnownSources Sources => KnownSources.Of(SampleSourceRegistry.BuiltIn.All);

    public void AddTo(Command command)
    {
        command.Arguments.Add(_file);
        command.Options.Add(_overrides);
    }

    /// <summary>Reads the study and opens its source; writes every error and returns null if either fails.</summary>
    public (StudyConfiguration Study, StudySource Source)? Load(ParseResult arguments, TextWriter error)
    {
        var file = arguments.GetRequiredValue(_file);
        var result = StudyFile.Load(file, arguments.GetValue(_overrides) ?? [], Sources);
        if (result.Configuration is not { } study)
        {
            foreach (var message in result.Errors)
                error.WriteLine(message);
            error.WriteLine(result.Errors.Count == 1 ? "1 error; nothing was started." : $"{result.Errors.Count} errors; nothing was started.");
            return null;
        }

        try
        {
            return (study, StudySource.Open(study, file));
        }
        catch (SampleSourceException e)
        {
            error.WriteLine($"{file}: source: {e.Message}");
            error.WriteLine("Nothing was started.");
            return null;
        }
    }
}

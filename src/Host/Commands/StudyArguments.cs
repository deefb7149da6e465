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
        return Load(file, arguments.GetValue(_overrides) ?? [], error) is { } study && Open(study, file, file, error) is { } source
            ? (study, source)
            : null;
    }

    /// <summary>Reads a study; writes every error and returns null if it is not a good one.</summary>
    public static StudyConfiguration? Load(string file, IReadOnlyList<string> overrides, TextWriter error)
    {
        var result = StudyFile.Load(file, overrides, Sources);
        if (result.IsValid)
            return result.Configuration;
        foreach (var message in result.Errors)
            error.WriteLine(message);
        error.WriteLine(result.Errors.Count == 1 ? "1 error; nothing was started." : $"{result.Errors.Count} errors; nothing was started.");
        return null;
    }

    /// <summary>Opens a study's source; writes the error and returns null if that fails.</summary>
    /// <param name="study">The study.</param>
    /// <param name="readFrom">The file that it was read from, for the error.</param>
    /// <param name="studyFile">The file at whose folder relative paths in the source's options start.</param>
    /// <param name="error">Standard error.</param>
    public static StudySource? Open(StudyConfiguration study, string readFrom, string studyFile, TextWriter error)
    {
        try
        {
            return StudySource.Open(study, studyFile);
        }
        catch (SampleSourceException e)
        {
            error.WriteLine($"{readFrom}: source: {e.Message}");
            error.WriteLine("Nothing was started.");
            return null;
        }
    }
}

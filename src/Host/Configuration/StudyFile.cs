using System.Text;
using YamlDotNet.Core;

namespace ElasticityStream.Host.Configuration;

/// <summary>Reads and writes study files.</summary>
public static class StudyFile
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MaximumLength = 1 << 20;

    /// <summary>Reads a study. Whatever is wrong with the file or the overrides is in the result; nothing is thrown for it.</summary>
    /// <param name="path">The YAML file; errors name it as it is given here.</param>
    /// <param name="overrides">Values that replace those of the file, each <c>path=value</c> with the value in YAML; the last one wins.</param>
    /// <param name="sources">The sources that a study may name.</param>
    /// <exception cref="NotSupportedException">The options class of a source has a property that cannot be written in a file.</exception>
    public static StudyFileResult Load(string path, IReadOnlyList<string> overrides, KnownSources sources)
    {
        try
        {
            var file = new FileInfo(path);
            if (Directory.Exists(path))
                return Failed(path, "is a folder, expected a study file");
            if (file.Exists && file.Length > MaximumLength)
                return Failed(path, $"has {file.Length} bytes, expected a study file of at most {MaximumLength}");
            // Bytes that are not UTF-8 must not turn into question marks silently.
            return Parse(File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true)), path, overrides, sources);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Failed(path, "not found, expected a study file");
        }
        catch (DecoderFallbackException)
        {
            return Failed(path, "is not UTF-8 text, expected a study file");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Failed(path, $"cannot be read: {UserText.OneLine(exception.Message)}");
        }
    }

    /// <summary>Reads a study from text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="name">What errors call the text.</param>
    /// <param name="overrides">As for <see cref="Load"/>.</param>
    /// <param name="sources">The sources that a study may name.</param>
    /// <exception cref="NotSupportedException">The options class of a source has a property that cannot be written in a file.</exception>
    public static StudyFileResult Parse(string text, string name, IReadOnlyList<string> overrides, KnownSources sources)
    {
        var errors = new List<ConfigurationError>();
        var root = StudyYamlReader.Read(text, mark => Place(name, mark), errors);
        if (root is null or ScalarNode { IsNull: true })
        {
            return errors.Count > 0
                ? new StudyFileResult(null, errors)
                : Failed(name, "is empty, expected a study with at least name, source, model and training");
        }

        if (root is not SectionNode study)
            return new StudyFileResult(null, [new(root.Place, "", $"expected keys such as name: and source:, found {UserText.Found(root)}")]);
        foreach (var one in overrides)
            study = StudyOverride.Apply(study, one, errors);
        var binder = new StudyBinder(sources, errors);
        var configuration = binder.Bind(study);
        StudyRules.Check(configuration, binder, errors);
        if (errors.Count == 0)
            return new StudyFileResult(StudyRules.Resolve(configuration), []);
        // Overrides have no line: they follow the file, in the order in which they were found.
        var inOrder = errors.OrderBy(error => error.Place.Line == 0).ThenBy(error => error.Place.Line).ThenBy(error => error.Place.Column);
        return new StudyFileResult(null, [.. inOrder]);
    }

    /// <summary>The study as YAML with every key stated, defaults and options of the source included. It reads back to an equal configuration.</summary>
    public static string ToYaml(StudyConfiguration configuration) => StudyText.Of(configuration);

    /// <summary>Writes <see cref="ToYaml"/> as UTF-8, over whatever is at <paramref name="path"/>.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(StudyConfiguration configuration, string path) => File.WriteAllText(path, ToYaml(configuration));

    /// <summary>Writes <see cref="ToYaml"/> as UTF-8 and leaves the stream open.</summary>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Write(StudyConfiguration configuration, Stream stream) => stream.Write(Encoding.UTF8.GetBytes(ToYaml(configuration)));

    private static ConfigurationPlace Place(string name, Mark mark) => new(name, (int)mark.Line, (int)mark.Column);

    private static StudyFileResult Failed(string name, string message) =>
        new(null, [new ConfigurationError(new ConfigurationPlace(name), "", message)]);
}

using System.Text;

namespace ElasticityStream.Host.Configuration;

/// <summary>The reference of study files, made from the same descriptions and limits that reading them uses.</summary>
public static class ConfigurationReference
{
    private const string Introduction =
        """
        # Study files

        <!-- Generated: `elasticity schema --reference > docs/configuration.md`. The words are in src/Host/Configuration. -->

        A study is one YAML file. `configs/` holds ready ones; `elasticity validate STUDY` says whether a file is right, and
        `elasticity run STUDY` runs it. The smallest study states where the samples come from, the network and its step size:

        ```yaml
        # yaml-language-server: $schema=study.schema.json
        name: five-or-nine
        source:
          type: mnist
          options: { primary: [5, 9], auxiliary: [4, 8], primaryPerClass: 500, auxiliaryPerClass: 500, scaling: symmetric }
        model: { type: mlp, hidden: [256] }
        training: { learningRate: auto }
        ```

        Everything else has a default, stated below. The run folder holds the complete study as `study.yaml`, with every key stated.

        - **Errors.** A study that is not right does not start. All errors are shown at once, each as
          `file:line:column: key: what is wrong, what is allowed`, and the exit code is 2:

          ```text
          study.yaml:6:21: model.hiden: unknown key, did you mean hidden? allowed: type, hidden, channels, kernel, activation, bias, outputs
          study.yaml:7:27: training.learningRate: expected a number greater than 0, or auto, found '-1'
          ```

        - **Overrides.** `--set path=value` replaces a value of the file or adds one, with the value in YAML, as often as needed; the
          last one wins: `elasticity run STUDY --set model.hidden=[64] --set source.options.primaryPerClass=100`.
        - **Editors.** The first line above makes editors with a YAML language server check and complete keys while you type
          (`configs/study.schema.json`). Rules between values, such as "hidden is required for mlp", are checked by `validate` only.
        - **Nothing and null.** A key without a value is `null`. A section without any key, or one left out, is the section with its
          defaults; only `contrast` is then absent.
        - **Numbers** are written as `0.006` or `6e-3`. In quotes they are text, and refused where a number is expected.
        - **Limits.** A file has at most 1 MiB, 100,000 values and 32 levels, one YAML document in UTF-8 and no tags. Anchors and aliases work;
          merge keys (`<<`) do not.

        """;

    private const string SourcesHeading =
        """
        ## Options of the sources

        What `source.options` may hold depends on `source.type`. Relative paths start from the folder of the study file.

        """;

    /// <summary>The text of <c>docs/configuration.md</c>.</summary>
    /// <param name="sources">The sources whose options are described.</param>
    /// <exception cref="NotSupportedException">The options class of a source has a property that cannot be written in a file.</exception>
    public static string Generate(KnownSources sources)
    {
        var text = new StringBuilder(Introduction.ReplaceLineEndings("\n")).Append("\n## The study\n\n");
        AppendTable(text, OptionsKeys.Of(typeof(StudyConfiguration)).Properties, sources);
        AppendSections(text, typeof(StudyConfiguration), "", sources);
        text.Append('\n').Append(SourcesHeading.ReplaceLineEndings("\n"));
        foreach (var source in sources.Names.Select(name => sources.Find(name)!))
        {
            text.Append($"\n### {source.Name}\n\n{source.Description}\n\n");
            var keys = OptionsKeys.Of(source.OptionsType).Properties;
            if (keys.Count == 0)
                text.Append("It has no options.\n");
            else
                AppendTable(text, keys, sources);
        }

        return text.ToString();
    }

    private static void AppendSections(StringBuilder text, Type type, string path, KnownSources sources)
    {
        foreach (var property in OptionsKeys.Of(type).Properties.Where(property => property.Shape.Kind == ValueKind.Section))
        {
            var section = StudyPath.Join(path, property.Key);
            text.Append($"\n## {section}\n\n{property.Description}\n\n");
            AppendTable(text, OptionsKeys.Of(property.Shape.Type).Properties, sources);
            AppendSections(text, property.Shape.Type, section, sources);
        }
    }

    private static void AppendTable(StringBuilder text, IEnumerable<OptionsProperty> properties, KnownSources sources)
    {
        text.Append("| key | allowed | default | meaning |\n| --- | --- | --- | --- |\n");
        foreach (var property in properties)
            text.Append($"| `{property.Key}` | {Cell(Allowed(property, sources))} | {Default(property)} | {Cell(property.Description)} |\n");
    }

    private static string Allowed(OptionsProperty property, KnownSources sources) =>
        property.Info.DeclaringType == typeof(SourceSection) && property.Key == "type" ? $"one of {string.Join(", ", sources.Names)}" : property.Allowed;

    internal static string Default(OptionsProperty property) => property switch
    {
        { Shape.Kind: ValueKind.SourceOptions } => "see below",
        { IsRequired: true } => "required",
        { Shape.Kind: ValueKind.Section, IsNullable: false } => "see below",
        _ => $"`{StudyText.Inline(property.Default)}`",
    };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}

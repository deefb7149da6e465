using System.Text.Json.Nodes;
using ElasticityStream.Host.Configuration;

namespace ElasticityStream.Host.Tests.Configuration;

public sealed class GeneratedFileTests
{
    [Fact]
    public void The_schema_in_the_repository_is_current() =>
        AssertCurrent("configs/study.schema.json", StudySchema.Generate(TestSources.Known), "elasticity schema > configs/study.schema.json");

    [Fact]
    public void The_reference_in_the_repository_is_current() =>
        AssertCurrent("docs/configuration.md", ConfigurationReference.Generate(TestSources.Known), "elasticity schema --reference > docs/configuration.md");

    [Fact]
    public void The_schema_states_types_limits_choices_defaults_and_descriptions()
    {
        var schema = JsonNode.Parse(StudySchema.Generate(TestSources.Known))!;
        var properties = schema["properties"]!;

        Assert.False(schema["additionalProperties"]!.GetValue<bool>());
        Assert.Equal("""["name","source","model","training"]""", schema["required"]!.ToJsonString());
        Assert.Equal(
            """{"type":"integer","minimum":1,"maximum":64,"description":"Blocks that may be in flight between the trainer and the evaluators.","default":3}""",
            properties["probe"]!["properties"]!["credits"]!.ToJsonString());
        Assert.Equal("""["relu","leaky-relu","tanh","sigmoid","gelu","identity"]""", properties["model"]!["properties"]!["activation"]!["enum"]!.ToJsonString());
        Assert.Equal(
            """[{"type":"number","exclusiveMinimum":0},{"const":"auto"}]""", properties["training"]!["properties"]!["learningRate"]!["anyOf"]!.ToJsonString());
        Assert.Equal(
            """[{"type":"integer","minimum":1},{"const":"unlimited"}]""", properties["training"]!["properties"]!["passes"]!["anyOf"]!.ToJsonString());
        Assert.Equal(1, properties["training"]!["properties"]!["passes"]!["default"]!.GetValue<int>());
        Assert.Equal(
            """[{"type":"integer","minimum":1},{"const":"unlimited"},{"type":"null"}]""",
            properties["contrast"]!["properties"]!["passes"]!["anyOf"]!.ToJsonString());
        Assert.Equal("""["number","null"]""", properties["similarity"]!["properties"]!["ewmaWeight"]!["type"]!.ToJsonString());
        Assert.Equal("""["object","null"]""", properties["contrast"]!["type"]!.ToJsonString());
    }

    [Fact]
    public void The_schema_describes_the_options_of_each_source_under_its_name()
    {
        var cases = JsonNode.Parse(StudySchema.Generate(TestSources.Known))!["properties"]!["source"]!["allOf"]!.AsArray();

        Assert.Equal(TestSources.Known.Names, cases.Select(one => one!["if"]!["properties"]!["type"]!["const"]!.GetValue<string>()));
        Assert.All(cases, one => Assert.False(one!["then"]!["properties"]!["options"]!["additionalProperties"]!.GetValue<bool>()));
    }

    [Fact]
    public void Every_key_is_described() =>
        Assert.DoesNotContain(ConfigurationReference.Generate(TestSources.Known).Split('\n'), line => line.EndsWith("|  |", StringComparison.Ordinal));

    [Fact]
    public void The_errors_that_the_reference_shows_are_the_real_ones()
    {
        var reference = ConfigurationReference.Generate(TestSources.Known);
        var study = reference.Split("```yaml\n")[1].Split("```")[0];
        var wrong = study.Replace("hidden", "hiden", StringComparison.Ordinal).Replace("learningRate: auto", "learningRate: -1", StringComparison.Ordinal);

        Assert.Empty(StudyFile.Parse(study, "study.yaml", [], TestSources.Known).Errors);
        Assert.All(
            StudyFile.Parse(wrong, "study.yaml", [], TestSources.Known).Errors,
            error => Assert.Contains($"  {error}\n", reference, StringComparison.Ordinal));
    }

    private static void AssertCurrent(string path, string generated, string command)
    {
        var copy = Path.Combine(AppContext.BaseDirectory, Path.GetFileName(path));
        File.WriteAllText(copy, generated);
        var file = RepositoryFiles.At(path);

        Assert.True(
            File.Exists(file) && File.ReadAllText(file).ReplaceLineEndings("\n") == generated,
            $"{path} is not what the options classes say: run `{command}`, or copy {copy}.");
    }
}

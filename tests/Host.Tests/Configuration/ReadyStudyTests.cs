using ElasticityStream.Compute.Models;
using ElasticityStream.Host.Configuration;

namespace ElasticityStream.Host.Tests.Configuration;

public sealed class ReadyStudyTests
{
    public static TheoryData<string> Names => [.. RepositoryFiles.Studies.Select(path => Path.GetFileNameWithoutExtension(path))];

    [Fact]
    public void The_ready_studies_are_those_of_the_documentation() => Assert.Equal(
        ["cifar10-car-v-cat", "folded-boxes", "mnist-5v8", "mnist-5v9", "quickstart", "torus"],
        RepositoryFiles.Studies.Select(path => Path.GetFileNameWithoutExtension(path)));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_ready_study_loads_and_is_called_like_its_file(string name)
    {
        var result = StudyFile.Load(At(name), [], TestSources.Known);

        Assert.Empty(result.Errors);
        Assert.Equal(name, result.Configuration?.Name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_ready_study_written_in_full_reads_back_to_an_equal_one(string name)
    {
        var study = StudyFile.Load(At(name), [], TestSources.Known).Configuration!;
        var text = StudyFile.ToYaml(study);
        var again = StudyFile.Parse(text, "again.yaml", [], TestSources.Known).Configuration;

        Assert.Equal(study, again);
        Assert.Equivalent(study, again, strict: true);
        Assert.Equal(text, StudyFile.ToYaml(again!));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_ready_study_names_the_schema_and_says_what_it_is(string name)
    {
        var lines = File.ReadAllLines(At(name));

        Assert.Equal("# yaml-language-server: $schema=study.schema.json", lines[0]);
        Assert.Equal("#", lines[1]);
        Assert.StartsWith("# ", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void The_quickstart_is_the_experiment_that_the_readme_promises()
    {
        var study = StudyFile.Load(At("quickstart"), [], TestSources.Known).Configuration!;

        Assert.Equal([256], study.Model.Hidden);
        Assert.Equal(LearningRateSetting.Fixed(6e-3), study.Training.LearningRate);
        Assert.Equal(PassesSetting.Of(10), study.Training.Passes);
        Assert.Equal(Activation.Identity, study.Contrast?.Activation);
        Assert.True(study.Contrast?.LearningRate.IsAuto);
    }

    private static string At(string name) => RepositoryFiles.At($"configs/{name}.yaml");
}

using ElasticityStream.Compute.Models;
using ElasticityStream.Host.Configuration;

namespace ElasticityStream.Host.Tests.Configuration;

public sealed class StudyOverrideTests
{
    [Fact]
    public void An_override_replaces_the_value_of_the_file()
    {
        var study = Load("model.hidden=[64, 32]", "training.learningRate=auto", "name=other");

        Assert.Equal([64, 32], study.Model.Hidden);
        Assert.True(study.Training.LearningRate.IsAuto);
        Assert.Equal("other", study.Name);
    }

    [Fact]
    public void The_last_override_of_a_key_wins() => Assert.Equal(3, Load("seed=2", "seed=3").Seed);

    [Fact]
    public void An_override_sets_a_key_in_a_section_that_the_file_does_not_have()
    {
        var study = Load("training.pretraining.epochs=4", "contrast.activation=tanh", "source.options.primary=[5, 9]");

        Assert.Equal(4, study.Training.Pretraining.Epochs);
        Assert.Equal(Activation.Tanh, study.Contrast?.Activation);
        Assert.Equal(["5", "9"], Assert.IsType<DeclaredSource.DigitOptions>(study.Source.Options).Primary);
    }

    [Fact]
    public void An_override_replaces_a_whole_section() => Assert.Equal(7, Load("probe={evaluators: 7}").Probe.Evaluators);

    [Fact]
    public void An_override_without_a_value_is_null()
    {
        Assert.Null(Load("contrast.passes=1", "contrast=").Contrast);
        Assert.Null(Load("probe.count=5", "probe.count=null").Probe.Count);
    }

    [Fact]
    public void An_override_keeps_equal_signs_in_its_value() => Assert.Equal("a=b", Load("output.directory=a=b").Output.Directory);

    [Fact]
    public void An_override_replaces_a_wrong_value_of_the_file() =>
        Assert.Equal(5, StudyFile.Parse($"seed: x\n{Studies.Smallest}", "s.yaml", ["seed=5"], TestSources.Declared).Configuration?.Seed);

    [Fact]
    public void An_override_of_a_section_that_aliases_share_changes_that_section_only()
    {
        var text = Studies.Replacing("sweep: &every {every: 10}\noutput: {}");
        var study = StudyFile.Parse(text.Replace("output: {}", "clustering: *every", StringComparison.Ordinal), "s.yaml", ["sweep.every=20"], TestSources.Declared);

        Assert.Equal((20L, 10L), (study.Configuration?.Sweep.Every, study.Configuration?.Clustering.Every));
    }

    [Theory]
    [InlineData("model.hiden=[64]", "model.hiden: unknown key, did you mean hidden? allowed: type, hidden, channels, kernel, activation, bias, outputs")]
    [InlineData("modle.hidden=[64]", "modle: unknown key, did you mean model? allowed: name, seed, source, model, training, probe, similarity, sweep, clustering, contrast, checkpoint, recovery, output, telemetry")]
    [InlineData("source.options.scalling=unit", "source.options.scalling: unknown key, did you mean scaling? allowed: primary, auxiliary, primaryPerClass, auxiliaryPerClass, scaling, target")]
    [InlineData("model.hidden=[6x]", "model.hidden[0]: expected an integer from 1 to 1048576, found '6x'")]
    [InlineData("training.passes=0", "training.passes: expected an integer of at least 1, or unlimited, found '0'")]
    [InlineData("similarity.ewmaWeight=0.5", "similarity.ewmaWeight: only allowed for similarity.rows: ewma, found latest")]
    [InlineData("name.first=a", "name: is not a section but 'small', so that it has no key first")]
    [InlineData("model.hidden.first=1", "model.hidden: is not a section but a list, so that it has no key first")]
    [InlineData("seed", "has no =, expected path=value, such as training.passes=5")]
    [InlineData("=5", "has an empty key, expected path=value, such as training.passes=5")]
    [InlineData("model..hidden=5", "has an empty key, expected path=value, such as training.passes=5")]
    [InlineData("seed=1\n---\n2", "not valid YAML: a second document starts here, expected one study per file")]
    public void A_wrong_override_is_named_as_it_was_given(string given, string expected)
    {
        var error = Assert.Single(StudyFile.Parse(Studies.Smallest, "s.yaml", [given], TestSources.Declared).Errors);

        Assert.Equal($"--set {given.Replace('\n', ' ')}: {expected}", error.ToString());
    }

    [Fact]
    public void An_override_that_is_not_yaml_is_named_as_it_was_given()
    {
        var error = Assert.Single(StudyFile.Parse(Studies.Smallest, "s.yaml", ["model.hidden=[64"], TestSources.Declared).Errors);

        Assert.StartsWith("--set model.hidden=[64: not valid YAML: ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_of_overrides_come_after_those_of_the_file_and_together_with_them() => Assert.Equal(
        ["s.yaml:1:7: seed", "--set training.passes=0: training.passes", "--set probe.credits=0: probe.credits"],
        StudyFile.Parse($"seed: x\n{Studies.Smallest}", "s.yaml", ["training.passes=0", "probe.credits=0"], TestSources.Declared)
            .Errors.Select(error => $"{error.Place}: {error.Path}"));

    private static StudyConfiguration Load(params string[] overrides)
    {
        var result = StudyFile.Parse(Studies.Smallest, "s.yaml", overrides, TestSources.Declared);
        Assert.Empty(result.Errors);
        return result.Configuration!;
    }
}

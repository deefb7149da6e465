using ElasticityStream.Host.Configuration;

namespace ElasticityStream.Host.Tests.Configuration;

/// <summary>Errors point at the text that is wrong, however the YAML is written.</summary>
public sealed class StudyFilePlaceTests
{
    [Theory]
    [InlineData("# a comment\n\nprobe: # here\n    # and here\n    evaluators: 0 # wrong\n", 5, 17)]
    [InlineData("probe: {blockSize: 2,\n        evaluators: 0}\n", 2, 21)]
    [InlineData("'probe': {\"evaluators\": 0}\n", 1, 25)]
    [InlineData("probe:\n  ? evaluators\n  : 0\n", 3, 5)]
    [InlineData("probe:\r\n  evaluators: 0\r\n", 2, 15)]
    [InlineData("probe:\n  evaluators: &none 0\n", 2, 15)]
    [InlineData("seed: &none 0\nprobe: {evaluators: *none}\n", 2, 21)]
    [InlineData("sweep: &part {every: 3}\nprobe: {evaluators: *part}\n", 2, 21)]
    [InlineData("probe:\n  evaluators:\n    - 1\n", 3, 5)]
    [InlineData("probe:\n  evaluators: |\n    2\n", 2, 15)]
    public void A_wrong_value_is_found_at_its_place(string text, int line, int column)
    {
        var error = Assert.Single(Read(text + Studies.Smallest));

        Assert.Equal("probe.evaluators", error.Path);
        Assert.Equal((line, column), (error.Place.Line, error.Place.Column));
    }

    [Fact]
    public void A_wrong_value_in_an_aliased_section_is_found_where_it_is_written()
    {
        var errors = Read("contrast: &shared {passes: x}\noutput: *shared\n" + Studies.Smallest);

        Assert.Equal(["study.yaml:1:20: output.passes", "study.yaml:1:28: contrast.passes"], errors.Select(error => $"{error.Place}: {error.Path}"));
    }

    [Fact]
    public void An_element_of_a_list_over_several_lines_is_found_on_its_line()
    {
        var error = Assert.Single(Read(Studies.Replacing("model:\n  type: mlp\n  hidden:\n    - 3\n    - x\n")));

        Assert.Equal("model.hidden[1]", error.Path);
        Assert.Equal((8, 7), (error.Place.Line, error.Place.Column));
    }

    [Fact]
    public void Columns_count_characters_when_the_line_has_other_letters()
    {
        var error = Assert.Single(Read("output: {directory: 'größe 数', window: 0}\n" + Studies.Smallest));

        Assert.Equal((1, 40), (error.Place.Line, error.Place.Column));
    }

    [Theory]
    [InlineData("model:\n  type: mlp\n", 4, 1)]
    [InlineData("model: {type: mlp, hidden: []}", 4, 28)]
    public void A_rule_points_at_the_value_or_at_the_section_that_lacks_it(string model, int line, int column)
    {
        var error = Assert.Single(Read(Studies.Replacing(model)));

        Assert.Equal("model.hidden", error.Path);
        Assert.Equal((line, column), (error.Place.Line, error.Place.Column));
    }

    private static IReadOnlyList<ConfigurationError> Read(string text) => StudyFile.Parse(text, "study.yaml", [], TestSources.Declared).Errors;
}

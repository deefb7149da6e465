using System.Text;
using ElasticityStream.Host.Configuration;

namespace ElasticityStream.Host.Tests.Configuration;

/// <summary>Text that is no study at all, and files that are no text.</summary>
public sealed class StudyFileTextTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("study-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n")]
    [InlineData("null")]
    public void An_empty_text_is_called_empty(string text) =>
        Assert.Equal(["s.yaml: is empty, expected a study with at least name, source, model and training"], Errors(text));

    [Theory]
    [InlineData("hello", "s.yaml:1:1: expected keys such as name: and source:, found 'hello'")]
    [InlineData("# x\n- 1\n- 2", "s.yaml:2:1: expected keys such as name: and source:, found a list")]
    [InlineData("{a: *b}", "s.yaml:1:5: not valid YAML: *b names no anchor that was completed before")]
    [InlineData("a: &a [*a]", "s.yaml:1:8: not valid YAML: *a names no anchor that was completed before")]
    [InlineData("? [a]\n: 1", "s.yaml:1:3: not valid YAML: expected a key, found a list or a section")]
    [InlineData("a: 1\n---\nb: 2", "s.yaml:2:1: not valid YAML: a second document starts here, expected one study per file")]
    public void A_text_that_is_no_study_is_refused_with_its_place(string text, string expected) => Assert.Equal([expected], Errors(text));

    [Theory]
    [InlineData("name: [", 1)]
    [InlineData("name: x\n seed: 2", 2)]
    [InlineData("name: 'x\nseed: 2", 1)]
    [InlineData("name: x\n\tseed: 2", 1)]
    [InlineData("name: @x", 1)]
    [InlineData("name: \"\\q\"", 1)]
    [InlineData("name: }", 1)]
    public void A_syntax_error_has_a_line_and_a_column(string text, int line)
    {
        var error = Assert.Single(StudyFile.Parse(text, "s.yaml", [], TestSources.Declared).Errors);

        Assert.StartsWith("not valid YAML: ", error.Message, StringComparison.Ordinal);
        Assert.True(error.Place.Line >= line && error.Place.Column > 0, $"{error}");
    }

    [Theory]
    [InlineData("a: 1\n...\n]")]
    [InlineData("a: \"\\UFFFFFFFF\"")]
    [InlineData("a: \"\\uD800\"")]
    public void A_text_that_the_parser_fails_on_is_a_syntax_error(string text) => Assert.StartsWith(
        "not valid YAML: ", Assert.Single(StudyFile.Parse(text, "s.yaml", [], TestSources.Declared).Errors).Message, StringComparison.Ordinal);

    [Fact]
    public void A_tag_is_refused_because_nothing_in_a_study_needs_one() =>
        Assert.Contains("s.yaml:1:7: seed: tags are not allowed in a study, found '!secret'", Errors($"seed: !secret 3\n{Studies.Smallest}"));

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Deep_nesting_is_refused_and_not_followed(char bracket) => Assert.Equal(
        ["not valid YAML: nested deeper than 32 levels"],
        StudyFile.Parse("a: " + new string(bracket, 100_000), "s.yaml", [], TestSources.Declared).Errors.Select(error => error.Message));

    [Fact]
    public void Deep_indentation_is_refused_and_not_followed()
    {
        var text = string.Concat(Enumerable.Range(0, 1000).Select(depth => $"{new string(' ', depth)}a:\n"));

        Assert.Equal("not valid YAML: nested deeper than 32 levels", Assert.Single(StudyFile.Parse(text, "s.yaml", [], TestSources.Declared).Errors).Message);
    }

    [Fact]
    public void Aliases_that_multiply_are_refused_before_they_grow()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 20; i++)
            text.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");

        Assert.Equal("not valid YAML: more than 100000 values", Assert.Single(StudyFile.Parse(text.ToString(), "s.yaml", [], TestSources.Declared).Errors).Message);
    }

    [Fact]
    public void A_long_value_is_shortened_and_kept_on_one_line_in_the_message()
    {
        var error = Assert.Single(StudyFile.Parse($"seed: \"a\\n{new string('b', 5000)}\"\n{Studies.Smallest}", "s.yaml", [], TestSources.Declared).Errors);

        Assert.Equal($"expected an integer, found the text 'a {new string('b', 58)}...'", error.Message);
    }

    [Fact]
    public void A_file_that_does_not_exist_is_named() =>
        Assert.Equal([$"{At("none.yaml")}: not found, expected a study file"], LoadErrors("none.yaml"));

    [Fact]
    public void A_file_in_a_folder_that_does_not_exist_is_named() =>
        Assert.Equal([$"{At("none/none.yaml")}: not found, expected a study file"], LoadErrors("none/none.yaml"));

    [Fact]
    public void A_folder_is_not_a_study() =>
        Assert.Equal([$"{_folder}: is a folder, expected a study file"], StudyFile.Load(_folder, [], TestSources.Declared).Errors.Select(error => error.ToString()));

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void A_path_that_cannot_be_one_is_an_error_of_the_study(string path) =>
        Assert.Contains("cannot be read", Assert.Single(StudyFile.Load(path, [], TestSources.Declared).Errors).Message, StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        File.WriteAllBytes(At("latin.yaml"), [.. "name: "u8, 0xE9, (byte)'\n']);

        Assert.Equal([$"{At("latin.yaml")}: is not UTF-8 text, expected a study file"], LoadErrors("latin.yaml"));
    }

    [Fact]
    public void A_file_that_is_too_large_is_refused_unread()
    {
        using (var file = File.Create(At("large.yaml")))
            file.SetLength(StudyFile.MaximumLength + 1);

        Assert.Equal([$"{At("large.yaml")}: has 1048577 bytes, expected a study file of at most 1048576"], LoadErrors("large.yaml"));
    }

    [Fact]
    public void A_file_with_a_byte_order_mark_is_read()
    {
        File.WriteAllText(At("bom.yaml"), Studies.Smallest, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        Assert.Equal("small", StudyFile.Load(At("bom.yaml"), [], TestSources.Declared).Configuration?.Name);
    }

    private string At(string name) => Path.Combine(_folder, name);

    private IEnumerable<string> LoadErrors(string name) =>
        StudyFile.Load(At(name), [], TestSources.Declared).Errors.Select(error => error.ToString());

    private static IEnumerable<string> Errors(string text) =>
        StudyFile.Parse(text, "s.yaml", [], TestSources.Declared).Errors.Select(error => error.ToString());
}

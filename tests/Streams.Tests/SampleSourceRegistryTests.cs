using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace ElasticityStream.Streams.Tests;

public sealed class SampleSourceRegistryTests
{
    public static TheoryData<string> Names => [.. SampleSourceRegistry.BuiltIn.All.Select(factory => factory.Name)];

    [Fact]
    public void Registry_lists_the_built_in_sources_by_name() => Assert.Equal(
        ["cifar10", "csv", "folded-boxes", "idx", "mnist", "torus", "two-circles"], SampleSourceRegistry.BuiltIn.All.Select(factory => factory.Name));

    [Theory]
    [InlineData("minst", "mnist")]
    [InlineData("cifar-10", "cifar10")]
    [InlineData("folded-box", "folded-boxes")]
    [InlineData("Torus", "torus")]
    public void Registry_suggests_a_source_when_a_name_is_misspelt(string misspelt, string meant)
    {
        var message = Assert.Throws<SampleSourceException>(() => SampleSourceRegistry.BuiltIn.Find(misspelt)).Message;

        Assert.Contains($"Did you mean '{meant}'?", message);
        Assert.Contains("two-circles", message);
        Assert.Equal(meant, SampleSourceRegistry.BuiltIn.Nearest(misspelt));
    }

    [Fact]
    public void Registry_suggests_nothing_when_no_name_is_near() =>
        Assert.DoesNotContain("Did you mean", Assert.Throws<SampleSourceException>(() => SampleSourceRegistry.BuiltIn.Find("imagenet")).Message);

    [Theory]
    [InlineData("7")]
    [InlineData("up")]
    public void Nothing_is_suggested_for_a_name_too_short_to_recognise(string name) => Assert.Null(Spelling.Nearest(name, ["8", "us"]));

    [Fact]
    public void Registry_refuses_two_factories_with_one_name() => Assert.Throws<ArgumentException>(
        () => new SampleSourceRegistry([SampleSourceRegistry.BuiltIn.Find("idx"), SampleSourceRegistry.BuiltIn.Find("idx")]));

    [Theory]
    [MemberData(nameof(Names))]
    public void Options_are_described_and_bindable_for_every_source(string name)
    {
        var factory = SampleSourceRegistry.BuiltIn.Find(name);

        Assert.NotEmpty(factory.Description);
        Assert.NotNull(Activator.CreateInstance(factory.OptionsType));
        Assert.All(
            factory.OptionsType.GetProperties(),
            property =>
            {
                Assert.NotNull(property.SetMethod);
                Assert.NotEmpty(property.GetCustomAttribute<DescriptionAttribute>()!.Description);
            });
    }

    [Fact]
    public void Factory_refuses_the_options_of_another() => Assert.Throws<ArgumentException>(
        () => SampleSourceRegistry.BuiltIn.Find("torus").Create(new ElasticityStream.Streams.Idx.MnistOptions(), new SampleSourceContext(".", 0)));

    [Theory]
    [InlineData("lerningRate", "learningRate")]
    [InlineData("learnignRate", "learningRate")]
    [InlineData("learning_rate", "learningRate")]
    [InlineData("LEARNING-RATE", "learningRate")]
    [InlineData("epoch", "epochs")]
    [InlineData("sede", "seed")]
    [InlineData("", null)]
    [InlineData("momentum", null)]
    public void Nearest_name_forgives_slips_exchanged_letters_and_other_conventions(string written, string? meant) =>
        Assert.Equal(meant, Spelling.Nearest(written, ["seed", "learningRate", "epochs"]));

    [Fact]
    public void Options_limit_counts()
    {
        var results = new List<ValidationResult>();
        var options = new ElasticityStream.Streams.Geometry.TorusOptions { PerLabel = 0 };

        Assert.False(Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true));
        Assert.Single(results);
    }
}

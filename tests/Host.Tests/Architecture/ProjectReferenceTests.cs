using System.Reflection;
using System.Text.Json;
using System.Xml.Linq;
using ElasticityStream.Host.Tests.Configuration;

namespace ElasticityStream.Host.Tests.Architecture;

/// <summary>What each project may reference: Compute knows no actors, Streams no models, plug-ins need the abstractions alone.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Abstractions"] = [],
        ["Compute"] = [],
        ["Streams"] = ["Abstractions"],
        ["Actors"] = ["Compute", "Streams"],
        ["Host"] = ["Abstractions", "Actors", "Compute", "Streams"],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Fact]
    public void There_are_the_projects_of_the_design_and_no_others() => Assert.Equal(
        Allowed.Keys.Order(StringComparer.Ordinal),
        Directory.GetFiles(RepositoryFiles.At("src"), "*.csproj", SearchOption.AllDirectories).Select(Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_the_projects_of_the_design_and_no_others(string project) => Assert.Equal(
        Allowed[project], Items(project, "ProjectReference").Select(Name).Order(StringComparer.Ordinal));

    [Fact]
    public void The_abstractions_name_no_package() => Assert.Empty(Items("Abstractions", "PackageReference"));

    [Fact]
    public void The_abstractions_are_restored_without_any_package()
    {
        // Also what Directory.Build.props and .targets add, and what the SDK adds: this is what a plug-in author gets.
        using var assets = JsonDocument.Parse(File.ReadAllBytes(
            RepositoryFiles.At("src/Streams/Abstractions/obj/project.assets.json")));

        Assert.Empty(assets.RootElement.GetProperty("libraries").EnumerateObject());
        Assert.All(
            assets.RootElement.GetProperty("project").GetProperty("frameworks").EnumerateObject(),
            framework => Assert.False(framework.Value.TryGetProperty("dependencies", out _), framework.Value.ToString()));
    }

    [Fact]
    public void The_abstractions_reference_the_runtime_alone() => Assert.All(
        References("ElasticityStream.Abstractions"), name => Assert.StartsWith("System.", name, StringComparison.Ordinal));

    [Theory]
    [InlineData("ElasticityStream.Compute", "TorchSharp")]
    [InlineData("ElasticityStream.Streams", "Akka.Streams")]
    [InlineData("ElasticityStream.Actors", "MessagePack")]
    public void An_assembly_references_what_it_is_there_for(string assembly, string expected) => Assert.Contains(expected, References(assembly));

    [Theory]
    [InlineData("ElasticityStream.Compute", "Akka")]
    [InlineData("ElasticityStream.Compute", "MessagePack")]
    [InlineData("ElasticityStream.Compute", "ElasticityStream")]
    [InlineData("ElasticityStream.Streams", "TorchSharp")]
    [InlineData("ElasticityStream.Streams", "ElasticityStream.Compute")]
    [InlineData("ElasticityStream.Streams", "ElasticityStream.Actors")]
    [InlineData("ElasticityStream.Actors", "Spectre")]
    [InlineData("ElasticityStream.Actors", "YamlDotNet")]
    [InlineData("ElasticityStream.Actors", "Microsoft.Data.Sqlite")]
    public void An_assembly_does_not_reference_what_is_not_its_concern(string assembly, string forbidden) => Assert.DoesNotContain(
        References(assembly), name => name == forbidden || name.StartsWith(forbidden + ".", StringComparison.Ordinal));

    [Fact]
    public void Every_file_in_configs_is_a_study_that_the_tests_load_or_the_schema()
    {
        var loaded = ReadyStudyTests.Names.Select(row => $"{row.Data}.yaml");

        Assert.Equal(
            loaded.Append("study.schema.json").Order(StringComparer.Ordinal),
            Directory.GetFileSystemEntries(RepositoryFiles.At("configs")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    private static string Name(string path) => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))["ElasticityStream.".Length..];

    private static IEnumerable<string> Items(string project, string kind)
    {
        var file = Assert.Single(Directory.GetFiles(
            RepositoryFiles.At("src"), $"ElasticityStream.{project}.csproj", SearchOption.AllDirectories));
        return XDocument.Load(file).Descendants(kind).Select(item => (string)item.Attribute("Include")!);
    }

    private static string[] References(string assembly) => [.. Assembly.Load(assembly).GetReferencedAssemblies().Select(name => name.Name!)];
}

using System.Text.Json;

namespace ElasticityStream.Compute.Tests.Golden;

/// <summary>
/// The golden references: float64 results made with automatic differentiation and plain SGD, re-derived independently in 80-bit arithmetic
/// (good to 5e-10 at a learning rate of 1e-6 and to 1e-12 elsewhere). Copied beside the test assembly as <c>Golden/data</c>.
/// </summary>
public static class GoldenCases
{
    private static readonly Lazy<GoldenCase[]> Loaded = new(Load);

    /// <summary>Every case.</summary>
    public static IReadOnlyList<GoldenCase> All => Loaded.Value;

    /// <summary>
    /// The names of all cases, for <c>[Theory, MemberData(nameof(GoldenCases.Names), MemberType = typeof(GoldenCases))]</c>.
    /// </summary>
    public static TheoryData<string> Names => [.. All.Select(golden => golden.Name)];

    /// <summary>The case of that name.</summary>
    public static GoldenCase Named(string name) => All.Single(golden => golden.Name == name);

    internal static string PathOf(string owner, IReadOnlyDictionary<string, string> files, string key) =>
        files.TryGetValue(key, out var file)
            ? Path.Combine(Folder, file)
            : throw new KeyNotFoundException($"{owner} has no '{key}', only {string.Join(", ", files.Keys)}.");

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Golden", "data");

    private static GoldenCase[] Load()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "golden.json")));
        return [.. document.RootElement.GetProperty("fixtures").EnumerateArray().SelectMany(CasesOf)];
    }

    private static List<GoldenCase> CasesOf(JsonElement element)
    {
        int Size(string key) => element.GetProperty(key).GetInt32();
        var name = element.GetProperty("name").GetString()!;
        var fixture = new GoldenFixture(name, Size("d"), Size("h"), Size("n"), Size("m"), FilesOf(element));
        return [.. element.GetProperty("cases").EnumerateArray().Select(run => CaseOf(fixture, run))];
    }

    private static GoldenCase CaseOf(GoldenFixture fixture, JsonElement run)
    {
        string Text(string key) => run.GetProperty(key).GetString()!;
        double Margin(string key) => run.GetProperty(key).GetProperty("min_rel_margin").GetDouble();
        var margins = new Dictionary<string, double> { ["rel_sym"] = Margin("rel_sym_kkm"), ["ker_sym"] = Margin("ker_sym_kkm") };
        return new GoldenCase(fixture, Text("act"), Text("loss"), Text("protocol"), run.GetProperty("lr").GetDouble(), FilesOf(run), margins);
    }

    private static Dictionary<string, string> FilesOf(JsonElement element) =>
        element.GetProperty("files").EnumerateObject().ToDictionary(file => file.Name, file => file.Value.GetString()!);
}

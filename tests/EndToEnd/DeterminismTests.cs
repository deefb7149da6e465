using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd;

/// <summary>The same study gives the same bytes; what only looks at a study does not change it.</summary>
public sealed class DeterminismTests : IDisposable
{
    private static readonly string[] WeightFiles =
        [.. new[] { "initial", "final" }.SelectMany(w => new[] { 1, 2 }.SelectMany(l => new[] { $"weights/{w}/layer{l}.weight.npy", $"weights/{w}/layer{l}.bias.npy" }))];

    private readonly TemporaryFolder _first = new();
    private readonly TemporaryFolder _second = new();

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task A_study_run_twice_leaves_the_same_bytes()
    {
        var first = await SmallStudy.RunAsync(_first, "training.passes=2");
        var second = await SmallStudy.RunAsync(_second, "training.passes=2");

        Assert.NotEqual(first.Description().GetProperty("run").GetString(), second.Description().GetProperty("run").GetString());
        Assert.Equal(first.Steps(), second.Steps());
        Assert.Empty(Different(first, second));
    }

    [Fact]
    public async Task Another_seed_gives_other_weights_another_order_and_other_similarities()
    {
        var first = await SmallStudy.RunAsync(_first, "seed=1");
        var second = await SmallStudy.RunAsync(_second, "seed=2");

        Assert.NotEqual(first.Steps().Select(s => s.SampleId), second.Steps().Select(s => s.SampleId));
        Assert.Equal(
            WeightFiles.Concat(["similarity/relative.npy", "similarity/kernelized.npy", "similarity/relative-symmetric.npy", "similarity/kernelized-symmetric.npy"])
                .Order(StringComparer.Ordinal),
            Different(first, second).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Sweeps_add_their_files_and_change_no_other()
    {
        var first = await SmallStudy.RunAsync(_first);
        var second = await SmallStudy.RunAsync(_second, "sweep.every=50");

        Assert.Equal(first.Steps(), second.Steps());
        Assert.Empty(Different(first, second));
        Assert.Empty(first.Names("similarity/sweeps"));
        Assert.Equal(
            new[] { 64, 100 }.SelectMany(s => new[] { "kernelized-probes", "kernelized", "ntk", "relative-probes", "relative" }, (s, n) => $"step-{s:d9}-{n}.npy"),
            second.Names("similarity/sweeps"));
        second.Query(
            "SELECT COUNT(*), MIN(measured_rows) FROM elasticity_index WHERE protocol = 'sweep'",
            r => Assert.Equal((4, 60), (r.GetInt64(0), r.GetInt64(1))));
    }

    private static IEnumerable<string> Different(RunFolder first, RunFolder second) =>
        WeightFiles.Concat(RunFolder.SimilarityFiles.Select(f => $"similarity/{f}"))
            .Where(f => !File.ReadAllBytes(first.At(f)).AsSpan().SequenceEqual(File.ReadAllBytes(second.At(f))));
}

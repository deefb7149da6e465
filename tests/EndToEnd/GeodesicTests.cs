using System.Globalization;
using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd;

public sealed class GeodesicTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_torus_prints_how_similarity_falls_with_distance_and_draws_it()
    {
        var ended = (await HostProcess.RunAsync(
            _folder.Root, "run", Repository.At("configs/torus.yaml"), "--set", "model.hidden=[512]", "--set", "training.pretraining.epochs=50")).Returned(0);

        var header = Assert.Single(ended.Output.Split('\n'), l => l.StartsWith("  measure", StringComparison.Ordinal));
        Assert.EndsWith("geodesic r", header, StringComparison.Ordinal);
        var rows = ended.Output.Split('\n').Where(l => l.StartsWith("  relative", StringComparison.Ordinal))
            .Select(l => l.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToArray();
        Assert.Equal(["relu", "identity (contrast)"], rows.Select(r => r[1]));
        var (relu, identity) = (double.Parse(rows[0][^1], CultureInfo.InvariantCulture), double.Parse(rows[1][^1], CultureInfo.InvariantCulture));
        Assert.InRange(relu, -1, -0.8);
        Assert.InRange(identity, -0.7, 0.2);
        var run = RunFolder.Only(_folder.At("runs"), "torus");
        foreach (var model in new[] { run, run.Contrast })
        {
            Assert.Equal(50, model.Ids("relative").Length);
            Assert.Contains("relative-by-distance.png", model.Names("plots"));
            Assert.Contains("kernelized-by-distance.png", model.Names("plots"));
            Assert.DoesNotContain("relative-by-cluster.png", model.Names("plots"));
        }
    }
}

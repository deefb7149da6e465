using ElasticityStream.Benchmarks;
using ElasticityStream.Compute.Native;

var comparisons = new Dictionary<string, (string Purpose, Action<ComparisonOptions> Run)>(StringComparer.Ordinal)
{
    ["delta-forward"] = ("deeper nets: delta-forward engine against a full forward pass per step", DeltaForwardComparison.Run),
};

if (args.Length == 0
    || !comparisons.TryGetValue(args[0], out var comparison)
    || !ComparisonOptions.TryParse(args.AsSpan(1), out var options))
{
    Console.Error.WriteLine("usage: ElasticityStream.Benchmarks COMPARISON [--rounds N] [--block B]");
    foreach (var (name, (purpose, _)) in comparisons)
        Console.Error.WriteLine($"  {name,-16}{purpose}");
    return 2;
}

TorchRuntime.EnsureLoaded();
comparison.Run(options);
return 0;

using ElasticityStream.Benchmarks;
using ElasticityStream.Compute.Native;

var comparisons = new Dictionary<string, (string Purpose, Action<ComparisonOptions> Run)>(StringComparer.Ordinal)
{
    ["rank-one"] = ("one hidden layer: engine and running study, open and closed, against a full forward pass per step", RankOneComparison.Run),
    ["sweep"] = ("one hidden layer: all rows at frozen weights, exact and NTK, against full-forward steps", SweepComparison.Run),
    ["accuracy"] = ("one hidden layer: errors over thousands of steps against float64", AccuracyComparison.Run),
    ["activations"] = ("one hidden layer: trainer and shard for every activation, and ten outputs", ActivationComparison.Run),
    ["scale"] = ("how the cost of a step and the memory grow with probes and hidden units", ScaleComparison.Run),
    ["roofline"] = ("what this machine can do, and how near the rank-one pass comes to it", Roofline.Run),
    ["allocation"] = ("bytes allocated per step by engine and running study, with a limit; exit code 1 beyond it", AllocationGate.Run),
    ["telemetry"] = ("what metrics, traces and logs cost the running pipeline, also at dead endpoints; exit code 1 where results differ", TelemetryComparison.Run),
    ["viewers"] = ("what a live page costs the running pipeline, with and without viewers; exit code 1 where results differ", ViewerComparison.Run),
    ["checkpoints"] = ("what checkpoints cost the running pipeline; exit code 1 where results differ", CheckpointComparison.Run),
    ["delta-forward"] = ("deeper nets: delta-forward engine against a full forward pass per step", DeltaForwardComparison.Run),
    ["soak"] = ("a study of --steps steps in a process of its own, watched for memory, descriptors, tensors and files that grow; exit code 1 where they do", Soak.Run),
};

if (args.Length == 0
    || !comparisons.TryGetValue(args[0], out var comparison)
    || !ComparisonOptions.TryParse(args.AsSpan(1), out var options))
{
    Console.Error.WriteLine("usage: ElasticityStream.Benchmarks COMPARISON [--rounds N] [--block B] [--steps N]");
    foreach (var (name, (purpose, _)) in comparisons)
        Console.Error.WriteLine($"  {name,-16}{purpose}");
    return 2;
}

TorchRuntime.EnsureLoaded();
comparison.Run(options);
return Environment.ExitCode;

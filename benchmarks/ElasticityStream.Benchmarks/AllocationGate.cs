namespace ElasticityStream.Benchmarks;

/// <summary>
/// Managed memory allocated per step, which does not depend on the machine's mood. A running study allocates the rows (two float64 values a probe for
/// its way through the mailboxes), the updates, and little else.
/// </summary>
internal static class AllocationGate
{
    private const int Width = 1024;

    // Rows 8 n, their sums' way out; updates 2 x 4 h + 4 d; and as much again for records, messages and indices.
    private const double LimitPerStep = 2 * ((8 * RankOneComparison.Probes) + (8 * Width) + (4 * RankOneComparison.Inputs));

    public static void Run(ComparisonOptions options)
    {
        var study = new RandomStudy(RankOneComparison.Inputs, RankOneComparison.Probes, samples: 32 * options.Block);
        var (_, bytes) = WholeStudy.Run(
            RankOneComparison.Engine(Width), study, RankOneComparison.Inputs, 20_000, options.Block, closed: false, RankOneComparison.Rate);
        Console.WriteLine($"{bytes:n0} bytes a step at n = {RankOneComparison.Probes}, h = {Width}; the limit is {LimitPerStep:n0}");
        if (bytes > LimitPerStep)
            Environment.ExitCode = 1;
    }
}

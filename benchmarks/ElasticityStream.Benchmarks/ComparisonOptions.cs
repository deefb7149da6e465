using System.Globalization;

namespace ElasticityStream.Benchmarks;

/// <summary>How long and in which blocks a comparison runs.</summary>
/// <param name="Rounds">How often every candidate is timed; medians are shown.</param>
/// <param name="Block">Steps that the engines handle together.</param>
/// <param name="Steps">Steps of a soak.</param>
internal sealed record ComparisonOptions(int Rounds, int Block, int Steps)
{
    /// <summary>Reads <c>--rounds N</c>, <c>--block B</c> and <c>--steps N</c>; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<string> arguments, out ComparisonOptions options)
    {
        options = new ComparisonOptions(Rounds: 7, Block: 32, Steps: 2_000_000);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length
                || !int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value == 0)
            {
                return false;
            }

            switch (arguments[i])
            {
                case "--rounds":
                    options = options with { Rounds = value };
                    break;
                case "--block":
                    options = options with { Block = value };
                    break;
                case "--steps":
                    options = options with { Steps = value };
                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}

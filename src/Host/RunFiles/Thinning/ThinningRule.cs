using System.Numerics;

namespace ElasticityStream.Host.RunFiles.Thinning;

/// <summary>
/// Which of the items 0, 1, 2, … of a sequence that grows stay: the newest <paramref name="keep"/> all, of the older ones the multiples of 2^level,
/// with the lowest level that leaves no more than about <paramref name="keep"/> of them. Depends on nothing but how many items there are.
/// </summary>
/// <param name="keep">At least 1.</param>
/// <param name="window">Items grow old in groups of so many, a power of two.</param>
internal sealed class ThinningRule(long keep, long window)
{
    private const long FewestWindows = 1_024;

    /// <summary>Items grow old in groups of so many.</summary>
    public long Window { get; } = BitOperations.IsPow2(window) ? window : throw new ArgumentOutOfRangeException(nameof(window), window, "Not a power of two.");

    /// <summary>The rule for the steps: what is older than <paramref name="keep"/> steps lies in at most about 2,000 windows.</summary>
    public static ThinningRule OfSteps(long keep) => new(keep, 1L << BitOperations.Log2((ulong)Math.Max(1, keep / FewestWindows)));

    /// <summary>Where the older items end when there are <paramref name="count"/>; a multiple of <see cref="Window"/>.</summary>
    public long Horizon(long count) => Math.Max(0, count - keep) / Window * Window;

    /// <summary>The level at which the older ones are kept when there are <paramref name="count"/>. Never falls while the count grows.</summary>
    public int Level(long count)
    {
        var (older, level) = (Horizon(count), 0);
        while (older >> level > keep)
            level++;
        return level;
    }
}

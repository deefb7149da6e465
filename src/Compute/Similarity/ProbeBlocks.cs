using System.Globalization;

namespace ElasticityStream.Compute.Similarity;

/// <summary>The probes ordered so that those of one group (a class or a cluster) stand together.</summary>
/// <param name="Order">The index of the probe at each place.</param>
/// <param name="Blocks">The groups in the order in which they stand.</param>
public sealed record ProbeBlocks(int[] Order, IReadOnlyList<ProbeBlock> Blocks)
{
    /// <summary>Orders by group, then by <paramref name="within"/>, then by place; numbers by their value, other names by their letters.</summary>
    public static ProbeBlocks By(IReadOnlyList<string> groups, IReadOnlyList<string>? within)
    {
        var rank = Ranks(groups);
        var inner = within is null ? null : Ranks(within);
        var order = Enumerable.Range(0, groups.Count)
            .OrderBy(k => rank[groups[k]])
            .ThenBy(k => inner is null ? 0 : inner[within![k]])
            .ToArray();

        var blocks = new List<ProbeBlock>();
        for (var place = 0; place < order.Length; place++)
        {
            var name = groups[order[place]];
            if (blocks.Count > 0 && blocks[^1].Name == name)
                blocks[^1] = blocks[^1] with { Count = blocks[^1].Count + 1 };
            else
                blocks.Add(new ProbeBlock(name, place, 1));
        }

        return new ProbeBlocks(order, blocks);
    }

    private static Dictionary<string, int> Ranks(IEnumerable<string> names)
    {
        var distinct = names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (distinct.All(name => double.TryParse(name, CultureInfo.InvariantCulture, out _)))
            distinct = [.. distinct.OrderBy(name => double.Parse(name, CultureInfo.InvariantCulture))];
        return distinct.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
    }
}

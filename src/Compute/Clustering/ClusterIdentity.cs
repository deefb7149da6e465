using System.Runtime.InteropServices;

namespace ElasticityStream.Compute.Clustering;

/// <summary>
/// Keeps the identities of clusters from one clustering to the next, so that a series of one cluster over time means something. A clusterer
/// numbers its clusters arbitrarily.
/// </summary>
public static class ClusterIdentity
{
    /// <summary>
    /// Renumbers a clustering: clusters are matched one to one to the earlier ones so that as many common points as possible keep their
    /// cluster, and take over the identity of their match. A cluster that shares no point with its match is new: it takes the lowest number
    /// that no matched cluster has. Identities thus stay in [0, K) as long as no more than K clusters are seen at a time.
    /// </summary>
    /// <param name="previousIds">The distinct ids of the points of the earlier clustering; may be empty.</param>
    /// <param name="previousLabels">Their cluster identities, at least 0: what this method returned.</param>
    /// <param name="ids">The distinct ids of the points of the new clustering.</param>
    /// <param name="labels">Their clusters, as the clusterer numbered them.</param>
    /// <exception cref="ArgumentException">Ids and labels differ in number, an id comes twice, or an earlier identity is
    /// negative.</exception>
    public static MatchedClustering Match(
        ReadOnlySpan<int> previousIds,
        ReadOnlySpan<int> previousLabels,
        ReadOnlySpan<int> ids,
        ReadOnlySpan<int> labels)
    {
        var previous = LabelsById(previousIds, previousLabels, nameof(previousIds));
        var current = LabelsById(ids, labels, nameof(ids));
        foreach (var label in previousLabels)
            ArgumentOutOfRangeException.ThrowIfNegative(label, nameof(previousLabels));

        var common = current.Keys.Where(previous.ContainsKey).ToArray();
        var table = ContingencyTable.Count(common.Select(id => current[id]).ToArray(), common.Select(id => previous[id]).ToArray());
        var (identities, kept) = Matched(table);
        NumberTheRest(identities, labels);

        var renumbered = new int[labels.Length];
        for (var i = 0; i < renumbered.Length; i++)
            renumbered[i] = identities[labels[i]];
        double? churn = common.Length == 0 ? null : (common.Length - kept) / common.Length;
        return new MatchedClustering(ImmutableCollectionsMarshal.AsImmutableArray(renumbered), common.Length, churn);
    }

    private static (Dictionary<int, int> Identities, double Kept) Matched(ContingencyTable overlap)
    {
        var identities = new Dictionary<int, int>();
        var kept = 0.0;
        var columns = overlap.ClassNumbers.Length;
        var columnOf = OptimalAssignment.Maximum(overlap.Counts, overlap.ClusterNumbers.Length, columns);
        for (var row = 0; row < columnOf.Length; row++)
        {
            var shared = columnOf[row] < 0 ? 0 : overlap.Counts[row * columns + columnOf[row]];
            if (shared == 0)
                continue;
            identities[overlap.ClusterNumbers[row]] = overlap.ClassNumbers[columnOf[row]];
            kept += shared;
        }

        return (identities, kept);
    }

    private static void NumberTheRest(Dictionary<int, int> identities, ReadOnlySpan<int> labels)
    {
        var taken = identities.Values.ToHashSet();
        var unmatched = new SortedSet<int>();
        foreach (var label in labels)
        {
            if (!identities.ContainsKey(label))
                unmatched.Add(label);
        }

        var free = 0;
        foreach (var label in unmatched)
        {
            while (!taken.Add(free))
                free++;
            identities[label] = free;
        }
    }

    private static Dictionary<int, int> LabelsById(ReadOnlySpan<int> ids, ReadOnlySpan<int> labels, string name)
    {
        if (ids.Length != labels.Length)
            throw new ArgumentException($"There are {ids.Length} ids and {labels.Length} labels; every point needs one of each.", name);
        var byId = new Dictionary<int, int>(ids.Length);
        for (var i = 0; i < ids.Length; i++)
        {
            if (!byId.TryAdd(ids[i], labels[i]))
                throw new ArgumentException($"Id {ids[i]} comes twice, the second time at index {i}.", name);
        }

        return byId;
    }
}

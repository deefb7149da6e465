namespace ElasticityStream.Actors.Studies;

/// <summary>Splits n probes into k shards of consecutive probes, whose sizes differ by at most one.</summary>
public static class Shards
{
    /// <summary>The first probe of a shard and how many it has.</summary>
    public static (int Start, int Count) Range(int probes, int shards, int shard)
    {
        var start = (int)((long)probes * shard / shards);
        return (start, (int)((long)probes * (shard + 1) / shards) - start);
    }
}

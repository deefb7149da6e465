namespace ElasticityStream.Streams;

/// <summary>The random order of one pass.</summary>
internal static class PassOrder
{
    // Passes are numbered within a range of stream numbers that no other purpose draws from.
    private const long RandomStream = 0x6F72_6465_7200_0000;

    /// <summary>A permutation of 0..<paramref name="count"/> - 1 that depends on nothing but the arguments.</summary>
    public static int[] Permutation(int count, long seed, int pass)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++)
            order[i] = i;
        new SeededRandom(seed, RandomStream + pass).Shuffle<int>(order);
        return order;
    }
}

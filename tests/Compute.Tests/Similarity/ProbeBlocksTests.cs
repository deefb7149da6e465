using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Compute.Tests.Similarity;

public sealed class ProbeBlocksTests
{
    [Fact]
    public void Probes_are_ordered_by_the_value_of_numbers_and_by_class_within_a_cluster()
    {
        var blocks = ProbeBlocks.By(["10", "9", "10", "9"], ["b", "b", "a", "a"]);

        Assert.Equal([3, 1, 2, 0], blocks.Order);
        Assert.Equal([new ProbeBlock("9", 0, 2), new ProbeBlock("10", 2, 2)], blocks.Blocks);
    }
}

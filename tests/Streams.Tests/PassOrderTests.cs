using CsCheck;

namespace ElasticityStream.Streams.Tests;

public sealed class PassOrderTests
{
    [Fact]
    public void PassOrder_is_a_permutation_that_depends_on_its_arguments_alone() => Gen.Select(Gen.Int[0, 300], Gen.Long, Gen.Int[0, 10_000]).Sample((count, seed, pass) =>
    {
        var order = PassOrder.Permutation(count, seed, pass);
        Assert.Equal(Enumerable.Range(0, count), order.Order());
        Assert.Equal(order, PassOrder.Permutation(count, seed, pass));
    });

    [Fact]
    public void PassOrder_differs_between_passes_and_seeds()
    {
        var orders = from seed in Enumerable.Range(0, 10) from pass in Enumerable.Range(0, 10) select string.Join(' ', PassOrder.Permutation(50, seed, pass));

        Assert.Equal(100, orders.Distinct().Count());
    }

    [Fact]
    public void PassOrder_puts_every_item_everywhere_equally_often()
    {
        const int Passes = 6000;
        var counts = new int[6, 6];
        for (var pass = 0; pass < Passes; pass++)
        {
            var order = PassOrder.Permutation(6, seed: 11, pass);
            for (var place = 0; place < 6; place++)
                counts[place, order[place]]++;
        }

        // Binomial(6000, 1/6): mean 1000, five standard deviations are 145.
        Assert.All(counts.Cast<int>(), count => Assert.InRange(count, 855, 1145));
    }
}

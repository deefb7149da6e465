namespace ElasticityStream.Compute.Tests.Golden;

public sealed class GoldenCasesTests
{
    [Fact]
    public void Golden_cases_are_all_found_under_distinct_names()
    {
        Assert.Equal(42, GoldenCases.All.Count);
        Assert.Equal(42, GoldenCases.All.Select(golden => golden.Name).Distinct().Count());
        Assert.Equal(["frozen", "online"], GoldenCases.All.Select(golden => golden.Protocol).Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(GoldenCases.Names), MemberType = typeof(GoldenCases))]
    public void Golden_case_has_consistent_shapes_and_values(string name)
    {
        var golden = GoldenCases.Named(name);
        var n = golden.Fixture.Primaries;
        Assert.Equal([golden.Fixture.Hidden, golden.Fixture.Features], golden.Fixture.Doubles("W1").Shape);
        Assert.Equal([n + golden.Fixture.Auxiliaries, golden.Fixture.Features], golden.Fixture.Doubles("X").Shape);
        Assert.Equal([n], golden.Fixture.Longs("kkm_init").Shape);

        var relative = golden.Doubles("rel");
        var symmetric = golden.Doubles("rel_sym");
        Assert.Equal([n, n], relative.Shape);
        for (var i = 0; i < n; i++)
        {
            Assert.Equal(1.0, relative.Values[i * n + i]);
            for (var j = 0; j < n; j++)
                Assert.Equal((relative.Values[i * n + j] + relative.Values[j * n + i]) / 2, symmetric.Values[i * n + j], 1e-15);
        }
    }

    [Fact]
    public void Golden_lookup_says_which_keys_there_are_when_one_is_unknown()
    {
        var error = Assert.Throws<KeyNotFoundException>(() => GoldenCases.All[0].Doubles("delt"));
        Assert.Contains("delta", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Npy_reader_refuses_another_element_type()
    {
        var error = Assert.Throws<InvalidDataException>(() => GoldenCases.All[0].Longs("delta"));
        Assert.Contains("<i8", error.Message, StringComparison.Ordinal);
    }
}

using ElasticityStream.Streams.Csv;
using ElasticityStream.Streams.Tests.Fixtures;

namespace ElasticityStream.Streams.Tests.Csv;

public sealed class CsvSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(',', false)]
    [InlineData('\t', false)]
    [InlineData(';', true)]
    public async Task Csv_takes_all_other_columns_as_features_when_none_is_named(char delimiter, bool gzip)
    {
        Write("x,label,y\n1,1,-2.5e1\n3,0,4\n".Replace(',', delimiter), gzip);

        var source = Create(new CsvOptions());
        var samples = await source.AllAsync();

        Assert.Equal([2], source.Schema.FeatureShape);
        Assert.Equal(["0", "1"], source.Schema.Classes);
        Assert.Equal(2, source.Schema.Count);
        Assert.Equal(["csv/0", "csv/1"], samples.Select(sample => sample.Id));
        Assert.Equal([1f, -25f], samples[0].Features.ToArray());
        Assert.Equal([3f, 4f], samples[1].Features.ToArray());
        Assert.Equal([(1.0, "1", SampleRole.Primary), (0.0, "0", SampleRole.Auxiliary)], samples.Select(s => (s.Label, s.Class, s.Role)));
    }

    [Fact]
    public async Task Csv_takes_the_named_features_in_the_order_named()
    {
        Write("a,b,c,label\n1,2,3,1\n");

        var samples = await Create(new CsvOptions { FeatureColumns = ["c", "a"] }).AllAsync();

        Assert.Equal([3f, 1f], samples[0].Features.ToArray());
    }

    [Fact]
    public async Task Csv_keeps_class_and_label_apart_when_both_have_a_column()
    {
        Write("x,target,kind,use\n1,0.25,up,primary\n2,-7,down,Auxiliary\n");

        var source = Create(new CsvOptions { LabelColumn = "target", ClassColumn = "kind", RoleColumn = "use" });
        var samples = await source.AllAsync();

        Assert.Equal(["down", "up"], source.Schema.Classes);
        Assert.Equal([(0.25, "up", SampleRole.Primary), (-7.0, "down", SampleRole.Auxiliary)], samples.Select(s => (s.Label, s.Class, s.Role)));
        Assert.Equal([1], source.Schema.FeatureShape);
    }

    [Fact]
    public async Task Csv_labels_by_the_primary_classes_when_they_are_named()
    {
        Write("x,kind\n1,cat\n2,dog\n3,car\n");

        var samples = await Create(new CsvOptions { LabelColumn = "kind", Primary = ["cat", "dog"] }).AllAsync();

        Assert.Equal([(1.0, SampleRole.Primary), (1.0, SampleRole.Primary), (0.0, SampleRole.Auxiliary)], samples.Select(s => (s.Label, s.Role)));
    }

    [Fact]
    public async Task Csv_labels_with_the_index_of_the_class_when_the_target_is_class()
    {
        Write("label,x\n10,1\n9,2\n10,3\n2,4\n");

        var source = Create(new CsvOptions { Target = LabelTarget.Class });
        var samples = await source.AllAsync();

        Assert.Equal(["2", "9", "10"], source.Schema.Classes);
        Assert.Equal([2.0, 1, 2, 0], samples.Select(sample => sample.Label));
        Assert.All(samples, sample => Assert.Equal(SampleRole.Primary, sample.Role));
    }

    [Fact]
    public async Task Csv_needs_no_label_column_when_the_label_follows_from_the_class()
    {
        Write("kind,x\nup,1\ndown,2\n");

        var samples = await Create(new CsvOptions { ClassColumn = "kind", Target = LabelTarget.Class }).AllAsync();

        Assert.Equal([1.0, 0], samples.Select(sample => sample.Label));
        Assert.Equal([1f], samples[0].Features.ToArray());
    }

    [Fact]
    public async Task Csv_emits_non_finite_values_as_they_are()
    {
        Write("x,label\nNaN,1\n-inf,0\n+Inf,1\nInfinity,0\n1e400,1\n1,nan\n");

        var source = Create(new CsvOptions());
        var samples = await source.AllAsync();

        Assert.Equal(
            [float.NaN, float.NegativeInfinity, float.PositiveInfinity, float.PositiveInfinity, float.PositiveInfinity, 1],
            samples.Select(sample => sample.Features.Span[0]));
        Assert.True(double.IsNaN(samples[5].Label));
        Assert.Equal(["0", "1"], source.Schema.Classes);
    }

    [Fact]
    public async Task Csv_reads_quoted_fields_and_blanks()
    {
        Write("\"x, in mm\",label\n\" 1 \",\"1\"\n2,0\n");

        var samples = await Create(new CsvOptions()).AllAsync();

        Assert.Equal([1f, 2f], samples.Select(sample => sample.Features.Span[0]));
    }

    [Theory]
    [InlineData("x,y,label\n1,2,1\n1,oops,0\n", "row 2 below the header", "'y'", "'oops'")]
    [InlineData("x,y,label\n1,2,1\n1,,0\n", "row 2 below the header", "'y'", "a number")]
    [InlineData("x,y,label\n1,2,up\n", "row 1 below the header", "'label'", "'up'")]
    [InlineData("x,y,label\n1,2\n", "row 1 below the header", "2 fields", "3 columns")]
    [InlineData("x,y,label\n1,2,3,4\n", "row 1 below the header", "4 fields", "3 columns")]
    [InlineData("x,y,label\n1,2,1\n#1,2,1\n", "row 2 below the header", "'x'", "'#1'")]
    [InlineData("x,y,label\n", "no row", "finite label", "")]
    [InlineData("", "is empty", "header", "")]
    [InlineData("x,y,lable\n1,2,3\n", "no column 'label'", "labelColumn", "Did you mean 'lable'?")]
    [InlineData("x,label,label\n1,2,3\n", "names column 'label' 2 times", "labelColumn", "")]
    [InlineData("label\n1\n", "no column is left for the features", "", "")]
    public void Csv_names_the_place_when_the_file_is_malformed(string content, string first, string second, string third)
    {
        var path = Write(content);

        var message = Fails(new CsvOptions());

        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(first, message);
        Assert.Contains(second, message);
        Assert.Contains(third, message);
    }

    [Fact]
    public void Csv_refuses_a_role_that_is_none()
    {
        Write("x,label,use\n1,1,main\n");

        Assert.Contains("'main'; allowed: primary, auxiliary", Fails(new CsvOptions { RoleColumn = "use" }));
    }

    [Fact]
    public void Csv_refuses_a_feature_that_gives_the_label_away()
    {
        Write("x,label\n1,1\n");

        Assert.Contains("must not see", Fails(new CsvOptions { FeatureColumns = ["x", "label"] }));
    }

    [Fact]
    public void Csv_refuses_options_that_contradict_each_other()
    {
        Write("x,label,use\n1,1,primary\n");

        Assert.Contains("choose one", Fails(new CsvOptions { Primary = ["1"], Target = LabelTarget.Class }));
        Assert.Contains("choose one", Fails(new CsvOptions { Primary = ["1"], RoleColumn = "use" }));
        Assert.Contains("no class '2'", Fails(new CsvOptions { Primary = ["2"], FeatureColumns = ["x"] }));
        Assert.Contains("twice", Fails(new CsvOptions { FeatureColumns = ["x", "x"] }));
    }

    [Fact]
    public void Csv_refuses_a_label_with_more_values_than_classes_can_be_judged_by()
    {
        Write("x,label\n" + string.Concat(Enumerable.Range(0, 1001).Select(i => $"0,{i}\n")));

        Assert.Contains("classColumn", Fails(new CsvOptions()));
    }

    [Fact]
    public void Csv_refuses_a_compressed_file_that_is_cut_off()
    {
        var whole = File.ReadAllBytes(Write("x,label\n" + string.Concat(Enumerable.Range(0, 9999).Select(i => $"{i * 37 % 1013},1\n")), gzip: true));
        File.WriteAllBytes(Path.Combine(_folder.Path, "table"), whole[..(whole.Length / 2)]);

        Fails(new CsvOptions());
    }

    [Fact]
    public void Csv_names_the_file_when_it_is_missing() => Assert.Contains("no such file", Fails(new CsvOptions()));

    [Fact]
    public async Task Csv_reads_as_it_emits_when_the_file_is_long()
    {
        Write("x,label\n" + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i},{i % 2}\n")));
        var source = Create(new CsvOptions());
        // Broken after the source was created: only who reads that far may notice.
        File.AppendAllText(Path.Combine(_folder.Path, "table"), "oops,0\n");

        await using var samples = source.OpenAsync(0, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        Assert.True(await samples.MoveNextAsync());
        await Assert.ThrowsAsync<SampleSourceException>(() => source.AllAsync(99_999));
    }

    private string Write(string content, bool gzip = false) => _folder.Write("table", content, gzip);

    private string Fails(CsvOptions options) => Assert.Throws<SampleSourceException>(() => Create(options)).Message;

    private ISampleSource Create(CsvOptions options)
    {
        options.File = "table";
        return new CsvSourceFactory().Create(options, _folder.Context);
    }
}

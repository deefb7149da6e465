using ElasticityStream.Streams.Cifar;
using ElasticityStream.Streams.Tests.Fixtures;

namespace ElasticityStream.Streams.Tests.Cifar;

public sealed class Cifar10SourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Cifar10_reads_several_files_as_one_when_one_is_compressed()
    {
        _folder.Write("c/one.bin", ImageFiles.Cifar(3, 1, 0));
        _folder.Write("c/two.bin.gz", ImageFiles.Cifar(1, 3), gzip: true);

        var source = Create(["one.bin", "two.bin"], primary: ["car", "3"], auxiliary: ["airplane"]);
        var samples = await source.AllAsync();

        Assert.Equal(["cifar10/0", "cifar10/1", "cifar10/2", "cifar10/3", "cifar10/4"], samples.Select(sample => sample.Id));
        Assert.Equal(["cat", "automobile", "airplane", "automobile", "cat"], samples.Select(sample => sample.Class));
        Assert.Equal(["automobile", "cat", "airplane"], source.Schema.Classes);
        Assert.Equal([3, 32, 32], source.Schema.FeatureShape);
        Assert.Equal([1.0, 1, 0, 1, 1], samples.Select(sample => sample.Label));
    }

    [Fact]
    public async Task Cifar10_keeps_the_channels_apart()
    {
        _folder.Write("c/one.bin", ImageFiles.Cifar(3, 3, 3));

        var features = (await Create(["one.bin"], primary: ["cat"]).AllAsync())[2].Features.ToArray();

        Assert.Equal([2 / 255f, 3 / 255f, 4 / 255f], new[] { features[0], features[1024], features[2048] });
    }

    [Fact]
    public void Cifar10_says_where_to_get_the_data_when_it_is_absent()
    {
        var message = Fails(["data_batch_1.bin"], "cat");

        Assert.Contains(Path.Combine(_folder.Path, "c", "data_batch_1.bin"), message);
        Assert.Contains("cifar-10-binary.tar.gz", message);
        Assert.Contains("University of Toronto", message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3072)]
    [InlineData(3074)]
    public void Cifar10_refuses_a_file_that_is_not_whole_records(int length)
    {
        var path = _folder.Write("c/one.bin", ImageFiles.Cifar(3, 3)[..length]);

        var message = Fails(["one.bin"], "cat");

        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains("3073", message);
    }

    [Fact]
    public void Cifar10_refuses_a_label_that_is_no_class()
    {
        _folder.Write("c/one.bin", ImageFiles.Cifar(3, 10));

        Assert.Contains("record 1 has the label 10", Fails(["one.bin"], "cat"));
    }

    [Fact]
    public void Cifar10_refuses_a_file_named_twice()
    {
        _folder.Write("c/one.bin", ImageFiles.Cifar(3));

        Assert.Contains("twice", Fails(["one.bin", "one.bin"], "cat"));
    }

    [Fact]
    public void Cifar10_says_so_when_a_class_has_no_samples()
    {
        _folder.Write("c/one.bin", ImageFiles.Cifar(3));

        Assert.Contains("no samples of class 'ship'", Fails(["one.bin"], "ship"));
    }

    private string Fails(List<string> files, string primary) => Assert.Throws<SampleSourceException>(() => Create(files, [primary])).Message;

    private ISampleSource Create(List<string> files, List<string> primary, List<string>? auxiliary = null) => new Cifar10SourceFactory().Create(
        new Cifar10Options { Folder = "c", Files = files, Primary = primary, Auxiliary = auxiliary ?? [] }, _folder.Context);
}

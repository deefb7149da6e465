using ElasticityStream.Streams.Idx;
using ElasticityStream.Streams.Images;
using ElasticityStream.Streams.Tests.Fixtures;

namespace ElasticityStream.Streams.Tests.Idx;

public sealed class IdxSourceTests : IDisposable
{
    private static readonly byte[] Labels = [3, 1, 3, 0, 1, 3, 0, 0, 3, 1];

    private readonly TemporaryFolder _folder = new();

    public IdxSourceTests()
    {
        _folder.Write("images", ImageFiles.IdxImages(Labels.Length));
        _folder.Write("labels", ImageFiles.IdxLabels(Labels));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Idx_takes_the_first_samples_of_each_class_in_file_order_when_some_are_asked_for()
    {
        var source = Create(new IdxOptions { Primary = ["3", "1"], Auxiliary = ["0"], PrimaryPerClass = 2, AuxiliaryPerClass = 1 });

        var samples = await source.AllAsync();

        Assert.Equal(["idx/0", "idx/1", "idx/2", "idx/3", "idx/4"], samples.Select(sample => sample.Id));
        Assert.Equal(["3", "1", "3", "0", "1"], samples.Select(sample => sample.Class));
        Assert.Equal([1.0, 1, 1, 0, 1], samples.Select(sample => sample.Label));
        Assert.Equal(SampleRole.Auxiliary, samples[3].Role);
        Assert.Equal(4, samples.Count(sample => sample.Role == SampleRole.Primary));
        Assert.Equal(["3", "1", "0"], source.Schema.Classes);
        Assert.Equal([ImageFiles.Rows, ImageFiles.Columns], source.Schema.FeatureShape);
    }

    [Fact]
    public async Task Idx_takes_every_class_as_primary_when_none_is_named()
    {
        var source = Create(new IdxOptions());

        var samples = await source.AllAsync();

        Assert.Equal(["0", "1", "3"], source.Schema.Classes);
        Assert.Equal(Labels.Select(label => $"{label}"), samples.Select(sample => sample.Class));
        Assert.All(samples, sample => Assert.Equal((SampleRole.Primary, 1.0), (sample.Role, sample.Label)));
    }

    [Fact]
    public void Idx_takes_the_rest_as_primary_when_only_auxiliary_is_named() =>
        Assert.Equal(["0", "3", "1"], Create(new IdxOptions { Auxiliary = ["1"] }).Schema.Classes);

    [Fact]
    public async Task Idx_labels_with_the_index_of_the_class_when_the_target_is_class()
    {
        var samples = await Create(new IdxOptions { Primary = ["3", "0"], Auxiliary = ["1"], Target = LabelTarget.Class }).AllAsync();

        Assert.All(samples, sample => Assert.Equal(SampleRole.Primary, sample.Role));
        Assert.All(samples, sample => Assert.Equal(sample.Class switch { "3" => 0.0, "0" => 1, _ => 2 }, sample.Label));
    }

    [Theory]
    [InlineData(PixelScaling.Unit)]
    [InlineData(PixelScaling.Symmetric)]
    public async Task Idx_scales_every_pixel_as_asked(PixelScaling scaling)
    {
        _folder.Write("images", ImageFiles.Idx(0x0803, [1, 16, 16], [.. Enumerable.Range(0, 256).Select(v => (byte)v)]));
        _folder.Write("labels", ImageFiles.IdxLabels(9));

        var features = (await Create(new IdxOptions { Scaling = scaling }).AllAsync())[0].Features.ToArray();

        for (var v = 0; v < 256; v++)
            Assert.Equal(scaling == PixelScaling.Unit ? (float)(v / 255.0) : (float)(((v / 255.0) - 0.5) / 0.5), features[v]);
    }

    [Fact]
    public async Task Idx_selects_by_name_when_classes_are_named()
    {
        var source = Create(new IdxOptions { ClassNames = ["shirt", "trouser", "bag", "boot"], Primary = ["Boot", "1"] });

        Assert.Equal(["boot", "trouser"], source.Schema.Classes);
        Assert.Equal("boot", (await source.AllAsync())[0].Class);
    }

    [Fact]
    public async Task Idx_reads_a_file_as_it_is_when_its_name_says_otherwise()
    {
        _folder.Write("images", ImageFiles.IdxImages(Labels.Length), gzip: true);
        _folder.Write("labels", ImageFiles.IdxLabels(Labels), gzip: true);

        var samples = await Create(new IdxOptions()).AllAsync();

        Assert.Equal(ImageFiles.Pixel(4, 5) / 255f, samples[4].Features.Span[5]);
    }

    [Fact]
    public void Idx_names_the_shortage_when_a_class_has_too_few_samples()
    {
        var message = Fails(new IdxOptions { Primary = ["0"], PrimaryPerClass = 4 });

        Assert.Contains("4 samples of class '0' are asked for, but there are 3", message);
        Assert.Contains("primaryPerClass", message);
    }

    [Fact]
    public void Idx_suggests_a_class_when_a_name_is_misspelt()
    {
        var message = Fails(new IdxOptions { ClassNames = ["shirt", "trouser", "bag", "boot"], Primary = ["trousers"] });

        Assert.Contains("no class 'trousers'", message);
        Assert.Contains("Did you mean 'trouser'?", message);
        Assert.Contains("shirt, trouser, boot", message);
    }

    [Theory]
    [InlineData(new[] { "3", "3" }, new string[0], "named twice in 'primary'")]
    [InlineData(new[] { "3" }, new[] { "3" }, "named in both")]
    [InlineData(new string[0], new[] { "0", "1", "3" }, "none is left to compare")]
    [InlineData(new[] { "2" }, new string[0], "no class '2'")]
    public void Idx_refuses_a_contradictory_selection(string[] primary, string[] auxiliary, string expected) =>
        Assert.Contains(expected, Fails(new IdxOptions { Primary = [.. primary], Auxiliary = [.. auxiliary] }));

    [Fact]
    public void Idx_refuses_class_names_that_do_not_cover_the_labels() =>
        Assert.Contains("4 names are needed", Fails(new IdxOptions { ClassNames = ["a", "b", "c"] }));

    [Fact]
    public void Idx_refuses_two_classes_with_one_name() =>
        Assert.Contains("the same name", Fails(new IdxOptions { ClassNames = ["a", "b", "A", "d"] }));

    [Fact]
    public void Idx_says_what_it_found_when_images_and_labels_are_exchanged()
    {
        var message = Assert.Throws<SampleSourceException>(() => Create(new IdxOptions(), images: "labels", labels: "images")).Message;

        Assert.Contains(Path.Combine(_folder.Path, "images"), message);
        Assert.Contains("0x00000803", message);
        Assert.Contains("0x00000801", message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(16 + (4 * 6))]
    [InlineData(16 + (10 * 6) - 1)]
    public void Idx_refuses_images_that_are_truncated(int length)
    {
        var path = _folder.Write("images", ImageFiles.IdxImages(Labels.Length)[..length]);

        var message = Fails(new IdxOptions());

        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains("truncated", message);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(17)]
    public void Idx_refuses_labels_that_are_truncated(int length)
    {
        var path = _folder.Write("labels", ImageFiles.IdxLabels(Labels)[..length]);

        var message = Fails(new IdxOptions());

        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains("truncated", message);
    }

    [Theory]
    [InlineData("images")]
    [InlineData("labels")]
    public void Idx_refuses_a_compressed_file_that_is_cut_off(string name)
    {
        var whole = File.ReadAllBytes(_folder.Write(name, name == "images" ? ImageFiles.IdxImages(Labels.Length) : ImageFiles.IdxLabels(Labels), gzip: true));
        var path = _folder.Write(name, whole[..(whole.Length / 2)]);

        Assert.StartsWith(path, Fails(new IdxOptions()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("images")]
    [InlineData("labels")]
    public void Idx_refuses_a_file_that_goes_on_after_its_items(string name)
    {
        _folder.Write(name, [.. File.ReadAllBytes(Path.Combine(_folder.Path, name)), 0]);

        Assert.Contains("goes on", Fails(new IdxOptions()));
    }

    [Fact]
    public void Idx_refuses_labels_that_do_not_match_the_images()
    {
        _folder.Write("labels", ImageFiles.IdxLabels(Labels[..9]));

        var message = Fails(new IdxOptions());

        Assert.Contains("10 images", message);
        Assert.Contains("9 labels", message);
    }

    [Theory]
    [InlineData(-1, 2, 3)]
    [InlineData(10, 0, 3)]
    [InlineData(10, 2, 1 << 30)]
    public void Idx_refuses_sizes_that_no_images_have(int count, int rows, int columns)
    {
        _folder.Write("images", ImageFiles.Idx(0x0803, [count, rows, columns], new byte[60]));

        Assert.Contains($"{count} x {rows} x {columns}", Fails(new IdxOptions()));
    }

    [Fact]
    public void Idx_refuses_files_without_items()
    {
        _folder.Write("labels", ImageFiles.IdxLabels());

        Assert.Contains("holds no labels", Fails(new IdxOptions()));
    }

    [Theory]
    [InlineData("absent", "labels")]
    [InlineData("images", "absent/labels")]
    public void Idx_names_the_file_when_it_is_missing(string images, string labels)
    {
        var message = Assert.Throws<SampleSourceException>(() => Create(new IdxOptions(), images, labels)).Message;

        Assert.Contains(Path.Combine(_folder.Path, images == "absent" ? images : labels), message);
        Assert.Contains("no such file", message);
    }

    private string Fails(IdxOptions options) => Assert.Throws<SampleSourceException>(() => Create(options)).Message;

    private ISampleSource Create(IdxOptions options, string images = "images", string labels = "labels")
    {
        (options.Images, options.Labels) = (images, labels);
        return new IdxSourceFactory().Create(options, _folder.Context);
    }
}

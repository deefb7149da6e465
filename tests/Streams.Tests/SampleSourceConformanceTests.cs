using ElasticityStream.Streams.Cifar;
using ElasticityStream.Streams.Csv;
using ElasticityStream.Streams.Geometry;
using ElasticityStream.Streams.Idx;
using ElasticityStream.Streams.Tests.Fixtures;
using ElasticityStream.Streams.Tests.Validation;
using ElasticityStream.Streams.Validation;

namespace ElasticityStream.Streams.Tests;

/// <summary>What the contract asks of every source.</summary>
public sealed class SampleSourceConformanceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SampleSourceConformanceTests()
    {
        byte[] labels = [3, 1, 3, 0, 1, 3, 0, 0, 2, 1, 3];
        _folder.Write("images", ImageFiles.IdxImages(labels.Length), gzip: true);
        _folder.Write("labels", ImageFiles.IdxLabels(labels));
        _folder.Write("cifar/a.bin", ImageFiles.Cifar(labels));
        _folder.Write("cifar/b.bin.gz", ImageFiles.Cifar(3, 1), gzip: true);
        _folder.Write("table.csv", "x,label,y\n" + string.Concat(Enumerable.Range(0, 23).Select(i => $"{i},{i % 2},{i * 0.5}\n")));
        _folder.Write("table.tsv.gz", "kind\tx\tlabel\nup\t1\t1\ndown\t2\t0\nup\tnan\t1\n", gzip: true);
    }

    public static TheoryData<string> Cases =>
    [
        "idx", "idx of classes", "mnist", "cifar10", "torus", "folded-boxes", "two-circles", "csv", "csv with classes", "validated", "loaded", "restarting", "replayed",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Source_emits_what_its_schema_says_when_opened(string name)
    {
        var source = await CreateAsync(name);

        var samples = await source.AllAsync();

        Assert.NotEmpty(samples);
        Assert.Equal(source.Schema.Count, samples.Count);
        Assert.Equal(Enumerable.Range(0, samples.Count).Select(i => (long)i), samples.Select(sample => sample.Position));
        Assert.Equal(samples.Count, samples.Select(sample => sample.Id).Distinct().Count());
        Assert.All(samples, sample => Assert.False(string.IsNullOrEmpty(sample.Id)));
        Assert.All(samples, sample => Assert.Equal(source.Schema.FeatureCount, sample.Features.Length));
        Assert.Equal(source.Schema.Classes.Order(), samples.Select(sample => sample.Class).Distinct().Order());
        Assert.Equal(source.Schema.Classes.Count, source.Schema.Classes.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Source_emits_the_same_samples_when_created_and_opened_again(string name)
    {
        var source = await CreateAsync(name);
        var first = (await source.AllAsync()).ConvertAll(Reading.Describe);

        Assert.Equal(first, (await source.AllAsync()).Select(Reading.Describe));
        Assert.Equal(first, (await (await CreateAsync(name)).AllAsync()).Select(Reading.Describe));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Source_emits_exactly_the_tail_when_opened_at_a_position(string name)
    {
        var source = await CreateAsync(name);
        var all = (await source.AllAsync()).ConvertAll(Reading.Describe);

        for (var position = 0; position < all.Count; position += Math.Max(1, all.Count / 7))
            Assert.Equal(all.Skip(position), (await source.AllAsync(position)).Select(Reading.Describe));
        Assert.Single(await source.AllAsync(all.Count - 1));
        Assert.Empty(await source.AllAsync(all.Count));
        Assert.Empty(await source.AllAsync(all.Count + 5L));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Source_refuses_a_negative_position(string name)
    {
        var source = await CreateAsync(name);

        Assert.Throws<ArgumentOutOfRangeException>(() => { source.OpenAsync(-1, TestContext.Current.CancellationToken); });
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Source_stops_between_two_samples_when_cancelled(string name)
    {
        var source = await CreateAsync(name);
        using var cancellation = new CancellationTokenSource();
        var emitted = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in source.OpenAsync(0, cancellation.Token))
            {
                emitted++;
                await cancellation.CancelAsync();
            }
        });

        Assert.Equal(1, emitted);
    }

    private async Task<ISampleSource> CreateAsync(string name) => name switch
    {
        "idx" => Create("idx", new IdxOptions { Images = "images", Labels = "labels", Primary = ["3"], Auxiliary = ["0", "1"], PrimaryPerClass = 3 }),
        "idx of classes" => Create("idx", new IdxOptions { Images = "images", Labels = "labels", Target = LabelTarget.Class }),
        "mnist" => Create("mnist", new MnistOptions { Primary = ["5"], Auxiliary = ["4"], PrimaryPerClass = 30, AuxiliaryPerClass = 20 }),
        "cifar10" => Create("cifar10", new Cifar10Options { Folder = "cifar", Files = ["a.bin", "b.bin"], Primary = ["cat", "car"] }),
        "torus" => Create("torus", new TorusOptions { PerLabel = 9 }),
        "folded-boxes" => Create("folded-boxes", new FoldedBoxesOptions { PerLabel = 9 }),
        "two-circles" => Create("two-circles", new TwoCirclesOptions { PerLabel = 9 }),
        "csv" => Create("csv", new CsvOptions { File = "table.csv" }),
        "csv with classes" => Create("csv", new CsvOptions { File = "table.tsv.gz", ClassColumn = "kind" }),
        "validated" => new ValidatedSampleSource(await CreateAsync("csv"), LabelRange.Finite, new ListLog()),
        "restarting" => new RestartingSampleSource(await CreateAsync("csv"), retries: 0, _ => { }, TimeProvider.System),
        "replayed" => new ReplayBuffer(await CreateAsync("csv"), capacity: 100),
        "loaded" => await SampleSet.LoadAsync(await CreateAsync("torus"), TestContext.Current.CancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Unknown case."),
    };

    private ISampleSource Create(string name, object options) => SampleSourceRegistry.BuiltIn.Find(name).Create(options, _folder.Context);
}

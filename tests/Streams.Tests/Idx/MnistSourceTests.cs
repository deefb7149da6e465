using ElasticityStream.Streams.Idx;
using ElasticityStream.Streams.Tests.Fixtures;

namespace ElasticityStream.Streams.Tests.Idx;

public sealed class MnistSourceTests
{
    private static readonly SampleSourceContext Context = new(Path.GetTempPath(), Seed: 1);

    [Fact]
    public async Task Mnist_holds_the_known_number_of_each_digit()
    {
        var source = new MnistSourceFactory().Create(new MnistOptions(), Context);

        var counts = (await source.AllAsync()).CountBy(sample => sample.Class).ToDictionary();

        Assert.Equal([1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978], Enumerable.Range(0, 10).Select(digit => counts[$"{digit}"]));
        Assert.Equal([28, 28], source.Schema.FeatureShape);
    }

    [Fact]
    public async Task Mnist_is_in_its_original_order()
    {
        var samples = await new MnistSourceFactory().Create(new MnistOptions(), Context).AllAsync();

        // The first labels of the training set, as printed in every tutorial on it.
        Assert.Equal(["5", "0", "4", "1", "9", "2", "1", "3", "1", "4"], samples.Take(10).Select(sample => sample.Class));
        Assert.Equal("mnist/0", samples[0].Id);
    }

    [Fact]
    public async Task Mnist_gives_the_study_of_5_against_8_when_its_classes_are_selected()
    {
        var options = new MnistOptions { Primary = ["5", "8"], Auxiliary = ["3", "9"], PrimaryPerClass = 500, AuxiliaryPerClass = 500 };

        var samples = await new MnistSourceFactory().Create(options, Context).AllAsync();

        Assert.Equal(2000, samples.Count);
        Assert.All(samples, sample => Assert.Equal(sample.Class is "5" or "8" ? (SampleRole.Primary, 1.0) : (SampleRole.Auxiliary, 0.0), (sample.Role, sample.Label)));
    }

    [Fact]
    public void Mnist_says_how_many_there_are_when_too_many_are_asked_for()
    {
        var options = new MnistOptions { Primary = ["3", "8"], Auxiliary = ["5"], AuxiliaryPerClass = 1000 };

        var message = Assert.Throws<SampleSourceException>(() => new MnistSourceFactory().Create(options, Context)).Message;

        Assert.Contains("there are 863", message);
    }
}

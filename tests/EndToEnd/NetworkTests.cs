using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd;

/// <summary>Each kind of network that is not a plain stack of layers, from the study file to what the run leaves behind.</summary>
public sealed class NetworkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{ type: cnn, channels: [2, 4], kernel: 3, hidden: [8] }", "1x28x28 cnn 2-4 3x3 relu, 8-1", 8, "auto: the network is convolutional")]
    [InlineData("{ type: resnet-mlp, hidden: [16] }", "784-16-16-1 relu resnet-mlp", 6, "auto: the network has a skip connection")]
    public async Task A_study_of_the_network_measures_every_row(string model, string network, int parameters, string reason)
    {
        var run = await SmallStudy.RunAsync(_folder, $"model={model}", "training.learningRate=auto");

        var main = run.Description().GetProperty("main");
        Assert.Equal(network, main.GetProperty("network").GetString());
        Assert.Equal("delta-forward", main.GetProperty("engine").GetString());
        Assert.Equal(reason, main.GetProperty("engineReason").GetString());
        Assert.Equal(100, run.Steps().Count);
        Assert.Equal(60, run.Ids("relative").Length);
        Assert.Equal(parameters, Directory.GetFiles(_folder.At("runs"), "layer*.npy", SearchOption.AllDirectories).Length / 2);
    }
}

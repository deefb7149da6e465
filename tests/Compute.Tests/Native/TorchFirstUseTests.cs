using TorchSharp;

namespace ElasticityStream.Compute.Tests.Native;

/// <summary>Also run alone, in processes of its own: there the tensor is what loads torch.</summary>
public sealed class TorchFirstUseTests
{
    [Fact]
    public void Torch_adds_numbers_when_nobody_asked_for_it_before()
    {
        using var scope = torch.NewDisposeScope();

        Assert.Equal(3f, torch.ones(3).sum().item<float>());
    }
}

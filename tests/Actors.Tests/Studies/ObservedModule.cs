using static TorchSharp.torch;

namespace ElasticityStream.Actors.Tests.Studies;

/// <summary>A module that does what another does, tells nothing of what it is, and calls back with the size of each batch.</summary>
internal sealed class ObservedModule : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _inner;
    private readonly Action<long> _onForward;

    public ObservedModule(nn.Module<Tensor, Tensor> inner, Action<long> onForward)
        : base(nameof(ObservedModule))
    {
        _inner = inner;
        _onForward = onForward;
        register_module("inner", inner);
    }

    public override Tensor forward(Tensor input)
    {
        _onForward(input.shape[0]);
        return _inner.forward(input);
    }
}

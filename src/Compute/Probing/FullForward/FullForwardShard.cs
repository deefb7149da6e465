using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Training;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>Its own copy of the module, and the outputs at the probes at the present weights.</summary>
internal sealed class FullForwardShard : IProbeShard
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly int _outputs;
    private readonly LossFunction _loss;
    private readonly Tensor _features;
    private readonly int _probes;
    private Tensor? _present;

    public FullForwardShard(nn.Module<Tensor, Tensor> model, int outputs, LossFunction loss, Tensor features, int count)
    {
        _model = model;
        _outputs = outputs;
        _loss = loss;
        _features = features.DetachFromDisposeScope();
        _probes = count;
    }

    public void Load(NetworkWeights weights)
    {
        using var scope = NewDisposeScope();
        weights.CopyTo(_model);
        Keep(Predict());
    }

    public PerturbationBlock Perturb(UpdateBlock updates)
    {
        if (updates is not SnapshotUpdateBlock block)
            throw new ArgumentException($"This shard follows weight snapshots, not {updates}.", nameof(updates));
        var present = _present ?? throw new InvalidOperationException("Load comes before Perturb.");

        using var scope = NewDisposeScope();
        var rows = new PerturbationRowWriter(_loss, _outputs, block, _probes);
        for (var b = 0; b < block.Steps; b++)
        {
            block.After[b].CopyTo(_model);
            var after = Predict();
            rows.Write(b, 1, present, after.sub(present));
            if (block.Applied)
                present = after;
        }

        if (block.Applied)
            Keep(present);
        return rows.ToBlock();
    }

    public CarriedState Capture()
    {
        var present = _present ?? throw new InvalidOperationException("Load comes before Capture.");
        return StateCapture.Of(state => Transfer(state, present));
    }

    public void Restore(CarriedState state)
    {
        using var scope = NewDisposeScope();
        var outputs = zeros([_probes, _outputs], ScalarType.Float64, _features.device);
        StateRestoration.From(state, s => Transfer(s, outputs));
        Keep(outputs);
    }

    public void Dispose()
    {
        _model.Dispose();
        _features.Dispose();
        _present?.Dispose();
    }

    // Not the module's parameters: every step brings its own.
    private void Transfer(StateTransfer state, Tensor outputs)
    {
        state.Owner("full-forward-shard", _probes, _outputs);
        state.Values("outputs", outputs);
    }

    private Tensor Predict()
    {
        using var noGrad = no_grad();
        return _model.forward(_features);
    }

    private void Keep(Tensor outputs)
    {
        _present?.Dispose();
        _present = outputs.DetachFromDisposeScope();
    }
}

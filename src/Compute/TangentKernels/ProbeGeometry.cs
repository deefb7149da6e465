using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Training;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.TangentKernels;

/// <summary>
/// The n probes of a kernel, and what the loss makes of the outputs there: the unit loss gradient v_i along which K outputs are
/// measured, and the slope dp/d(logit) of a probability. In float64.
/// </summary>
internal sealed class ProbeGeometry
{
    private const int ProbesPerPass = 64;

    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly LossFunction _loss;
    private readonly double[] _features;
    private readonly double[] _labels;
    private readonly double[] _slopes;

    public ProbeGeometry(nn.Module<Tensor, Tensor> model, LossFunction loss, double[] features, double[] labels)
    {
        _model = model;
        _loss = loss;
        _features = features;
        _labels = labels;
        _slopes = new double[loss.MeasuresProbability ? labels.Length : 0];
        Device = model.parameters().First().device;
        Width = features.Length / labels.Length;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Outputs = (int)model.forward(Block(0, 1, ScalarType.Float64)).shape[1];
        Directions = new double[Outputs > 1 ? labels.Length * Outputs : 0];
    }

    /// <summary>n.</summary>
    public int Count => _labels.Length;

    /// <summary>d.</summary>
    public int Width { get; }

    /// <summary>K.</summary>
    public int Outputs { get; }

    /// <summary>Where the model lives.</summary>
    public Device Device { get; }

    /// <summary>n x K: v_i = g_i / |g_i|, 0 where g_i is 0; empty for one output. Filled by <see cref="Evaluate()"/>.</summary>
    public double[] Directions { get; }

    /// <summary>The features of some probes, count x d.</summary>
    public Tensor Block(int start, int count, ScalarType precision) =>
        Staging.ToTensor(_features.AsSpan(start * Width, count * Width), count, precision, Device);

    /// <summary>Computes directions and slopes where the kernel depends on them.</summary>
    public IEnumerable<Piece> Evaluate()
    {
        if (Outputs == 1 && !_loss.MeasuresProbability)
            yield break;
        for (var start = 0; start < Count; start += ProbesPerPass)
        {
            Evaluate(start, Math.Min(ProbesPerPass, Count - start));
            yield return default;
        }
    }

    /// <summary>Turns the kernel of the logit into that of the probability, where that is what is measured.</summary>
    public void ToPrediction(double[] kernel)
    {
        if (!_loss.MeasuresProbability)
            return;
        for (var i = 0; i < Count; i++)
        {
            for (var j = 0; j < Count; j++)
                kernel[((long)i * Count) + j] *= _slopes[i] * _slopes[j];
        }
    }

    private void Evaluate(int start, int count)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var outputs = Staging.ToDoubles(_model.forward(Block(start, count, ScalarType.Float64)));
        var gradient = new double[Outputs];
        for (var b = 0; b < count; b++)
        {
            var row = outputs.AsSpan(b * Outputs, Outputs);
            if (Outputs == 1)
            {
                _slopes[start + b] = ProbabilityChange.Sigmoid(row[0]) * ProbabilityChange.Sigmoid(-row[0]);
                continue;
            }

            _loss.Evaluate(row, _labels[start + b], gradient);
            ModuleStepper.Normalise(gradient, Directions.AsSpan((start + b) * Outputs, Outputs));
        }
    }
}

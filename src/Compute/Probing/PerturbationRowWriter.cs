using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Training;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>Turns the changes of the outputs at a shard's probes into the rows of a perturbation block.</summary>
internal sealed class PerturbationRowWriter
{
    private readonly LossFunction _loss;
    private readonly int _outputs;
    private readonly UpdateBlock _block;
    private readonly int _probes;
    private readonly double[] _change;
    private readonly double[]? _magnitude;

    public PerturbationRowWriter(LossFunction loss, int outputs, UpdateBlock block, int probes)
    {
        _loss = loss;
        _outputs = outputs;
        _block = block;
        _probes = probes;
        _change = new double[block.Steps * probes];
        _magnitude = outputs > 1 ? new double[_change.Length] : null;
    }

    /// <summary>Writes the rows of consecutive steps.</summary>
    /// <param name="start">The first step's index in the block.</param>
    /// <param name="steps">How many.</param>
    /// <param name="outputsBefore">The outputs before each step, steps x n x K.</param>
    /// <param name="outputChange">Their changes, steps x n x K.</param>
    public void Write(int start, int steps, Tensor outputsBefore, Tensor outputChange)
    {
        var rows = _change.AsSpan(start * _probes, steps * _probes);
        if (_magnitude is not null)
        {
            var change = Staging.ToDoubles(outputChange);
            var stride = _probes * _outputs;
            for (var b = 0; b < steps; b++)
            {
                Project(
                    change.AsSpan(b * stride, stride), _block.Directions.AsSpan((start + b) * _outputs, _outputs),
                    rows.Slice(b * _probes, _probes), _magnitude.AsSpan((start + b) * _probes, _probes));
            }

            return;
        }

        Staging.CopyTo(outputChange, rows);
        if (!_loss.MeasuresProbability)
            return;
        var logits = Staging.ToDoubles(outputsBefore);
        for (var i = 0; i < rows.Length; i++)
            rows[i] = ProbabilityChange.Of(logits[i], rows[i]);
    }

    public PerturbationBlock ToBlock() => new(_block.Steps, _probes, _change, _magnitude);

    private static void Project(ReadOnlySpan<double> change, ReadOnlySpan<double> direction, Span<double> along, Span<double> magnitude)
    {
        for (var j = 0; j < along.Length; j++)
        {
            double projection = 0, square = 0;
            for (var k = 0; k < direction.Length; k++)
            {
                var c = change[(j * direction.Length) + k];
                projection += c * direction[k];
                square += c * c;
            }

            along[j] = projection;
            magnitude[j] = Math.Sqrt(square);
        }
    }
}

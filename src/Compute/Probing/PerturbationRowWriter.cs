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

    /// <summary>Writes the row of one step.</summary>
    /// <param name="step">Its index in the block.</param>
    /// <param name="outputsBefore">The outputs before the step, n x K.</param>
    /// <param name="outputChange">Their change, n x K.</param>
    public void Write(int step, Tensor outputsBefore, Tensor outputChange)
    {
        var change = Staging.ToDoubles(outputChange);
        var row = _change.AsSpan(step * _probes, _probes);
        if (_magnitude is not null)
        {
            Project(change, _block.Directions.AsSpan(step * _outputs, _outputs), row, _magnitude.AsSpan(step * _probes, _probes));
        }
        else if (_loss.MeasuresProbability)
        {
            var logits = Staging.ToDoubles(outputsBefore);
            for (var j = 0; j < _probes; j++)
                row[j] = ProbabilityChange.Of(logits[j], change[j]);
        }
        else
        {
            change.CopyTo(row);
        }
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

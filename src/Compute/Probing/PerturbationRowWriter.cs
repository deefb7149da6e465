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
            var changes = Staging.ToDoubles(outputChange);
            for (var i = 0; i < rows.Length; i++)
                Write(start + (i / _probes), i % _probes, changes.AsSpan(i * _outputs, _outputs), 0);
            return;
        }

        Staging.CopyTo(outputChange, rows);
        if (!_loss.MeasuresProbability)
            return;
        var logits = Staging.ToDoubles(outputsBefore);
        for (var i = 0; i < rows.Length; i++)
            rows[i] = ProbabilityChange.Of(logits[i], rows[i]);
    }

    /// <summary>Writes what one step did to one probe.</summary>
    /// <param name="step">The step's index in the block.</param>
    /// <param name="probe">The probe's index.</param>
    /// <param name="change">The change of its K outputs.</param>
    /// <param name="outputBefore">Its output before; used where the probability is measured.</param>
    public void Write(int step, int probe, ReadOnlySpan<double> change, double outputBefore)
    {
        var at = (step * _probes) + probe;
        if (_magnitude is null)
        {
            _change[at] = _loss.MeasuresProbability ? ProbabilityChange.Of(outputBefore, change[0]) : change[0];
            return;
        }

        double projection = 0, square = 0;
        var direction = _block.Directions.AsSpan(step * _outputs, _outputs);
        for (var k = 0; k < change.Length; k++)
        {
            projection += change[k] * direction[k];
            square += change[k] * change[k];
        }

        _change[at] = projection;
        _magnitude[at] = Math.Sqrt(square);
    }

    public PerturbationBlock ToBlock() => new(_block.Steps, _probes, _change, _magnitude);
}

using ElasticityStream.Compute.Training;

namespace ElasticityStream.Compute.Probing.RankOne;

/// <summary>Turns the changes of the outputs at the probes, one at a time, into the rows of a perturbation block.</summary>
internal sealed class OutputChanges
{
    private readonly UpdateBlock _block;
    private readonly int _probes;
    private readonly bool _measuresProbability;
    private readonly double[] _change;
    private readonly double[]? _magnitude;

    public OutputChanges(LossFunction loss, int outputs, UpdateBlock block, int probes)
    {
        _block = block;
        _probes = probes;
        _measuresProbability = loss.MeasuresProbability;
        _change = new double[block.Steps * probes];
        _magnitude = outputs > 1 ? new double[_change.Length] : null;
    }

    /// <summary>Writes what one step did to one probe.</summary>
    /// <param name="step">The step's index in the block.</param>
    /// <param name="probe">The probe's index.</param>
    /// <param name="change">The change of its K outputs.</param>
    /// <param name="logit">Its output before, where the probability is measured.</param>
    public void Write(int step, int probe, ReadOnlySpan<double> change, double logit)
    {
        var at = (step * _probes) + probe;
        if (_magnitude is null)
        {
            _change[at] = _measuresProbability ? ProbabilityChange.Of(logit, change[0]) : change[0];
            return;
        }

        double projection = 0, square = 0;
        var direction = _block.Directions.AsSpan(step * change.Length, change.Length);
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

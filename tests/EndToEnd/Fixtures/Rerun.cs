namespace ElasticityStream.EndToEnd.Fixtures;

/// <summary>
/// Repeats a study from its initial weights and the order of samples in run.db, in plain float64 loops, and compares everything on the way:
/// loss, prediction, gradient and own change of every step, every sweep, every row of the matrices, and the final weights.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="activation">The study's activation.</param>
/// <param name="loss">The study's loss.</param>
/// <param name="features">The features of a sample, by its id.</param>
/// <param name="label">The training label of a sample, by its id.</param>
public sealed class Rerun(RunFolder run, string activation, PlainLoss loss, Func<string, double[]> features, Func<string, double> label)
{
    /// <summary>Steps are taken in float64 on both sides.</summary>
    private const double StepTolerance = 1e-9;

    /// <summary>What the project promises for rows in float32, by Euclidean norm.</summary>
    private const double RowTolerance = 1e-5;

    private readonly string[] _ids = run.Ids("kernelized");

    /// <summary>How an earlier row and the next one of the same probe become one: (earlier, next, how many came before).</summary>
    public Func<double, double, int, double> Update { get; init; } = (_, next, _) => next;

    /// <summary>Whether the rows of the matrices are those of the last sweep.</summary>
    public bool RowsFromSweeps { get; init; }

    public int SweepsCompared { get; private set; }

    /// <summary>The rows of each step, by measure.</summary>
    public List<(StepInRun Step, double[] Relative, double[] Kernelized)> Rows { get; } = [];

    private double Rate => run.Description().GetProperty("main").GetProperty("learningRate").GetDouble();

    public void Compare()
    {
        var network = PlainNetwork.Load(run, "initial", activation);
        var probe = new PlainProbe(loss, Rate, [.. _ids.Select(features)]);
        var rowOf = _ids.Index().ToDictionary(i => i.Item, i => i.Index);
        var relative = new double[]?[_ids.Length];
        var kernelized = new double[]?[_ids.Length];
        var counts = new int[_ids.Length];
        foreach (var step in run.Steps())
        {
            var (relativeRow, kernelizedRow) = Step(network, probe, step);
            Rows.Add((step, relativeRow, kernelizedRow));
            if (!RowsFromSweeps && rowOf.TryGetValue(step.SampleId, out var i))
            {
                relative[i] = Updated(relative[i], relativeRow, counts[i]);
                kernelized[i] = Updated(kernelized[i], kernelizedRow, counts[i]);
                counts[i]++;
            }

            if (!File.Exists(run.At(SweepFile(step.Step + 1, "kernelized"))))
                continue;
            var sweep = probe.Sweep(network, k => label(_ids[k]));
            CompareSweep(step.Step + 1, "relative", sweep.Relative);
            CompareSweep(step.Step + 1, "kernelized", sweep.Kernelized);
            SweepsCompared++;
            if (RowsFromSweeps)
                (relative, kernelized) = (sweep.Relative, sweep.Kernelized);
        }

        CompareMatrix(run.Matrix("relative"), relative, "relative");
        CompareMatrix(run.Matrix("kernelized"), kernelized, "kernelized");
        if (!RowsFromSweeps)
            Assert.Equal(counts.Select(c => (long)c), run.Npy("similarity/kernelized-counts.npy").Longs());
        foreach (var (expected, actual) in network.Parameters().Zip(PlainNetwork.Load(run, "final", activation).Parameters()))
            Close.To(expected, actual, StepTolerance, "A final weight");
    }

    /// <summary>Compares the first steps only, and not what they did to the probes.</summary>
    public void CompareSteps(int count)
    {
        var network = PlainNetwork.Load(run, "initial", activation);
        var probe = new PlainProbe(loss, Rate, []);
        var steps = run.Steps();
        Assert.True(steps.Count >= count);
        foreach (var step in steps.Take(count))
            Step(network, probe, step);
    }

    /// <summary>Compares the matrices with virtual steps at the final weights: the protocol "sweep".</summary>
    public void CompareFrozen()
    {
        var sweep = new PlainProbe(loss, Rate, [.. _ids.Select(features)])
            .Sweep(PlainNetwork.Load(run, "final", activation), k => label(_ids[k]));
        CompareMatrix(run.Matrix("relative"), sweep.Relative, "relative");
        CompareMatrix(run.Matrix("kernelized"), sweep.Kernelized, "kernelized");
    }

    private (double[] Relative, double[] Kernelized) Step(PlainNetwork network, PlainProbe probe, StepInRun step)
    {
        var (x, y) = (features(step.SampleId), label(step.SampleId));
        var outputs = network.Outputs(x);
        var gradient = loss.Gradient(outputs, y);
        var (relative, kernelized, selfChange) = probe.Step(network, x, y);
        Close.To(loss.Loss(outputs, y), step.Loss, StepTolerance, $"Loss of step {step.Step}");
        Close.To(loss.Shown(outputs, y), step.Prediction, StepTolerance, $"Prediction of step {step.Step}");
        Close.To(
            gradient.Length == 1 ? gradient[0] : Math.Sqrt(gradient.Sum(g => g * g)), step.Gradient, StepTolerance, $"Gradient of step {step.Step}");
        Close.To(selfChange, step.SelfChange, StepTolerance, $"Own change of step {step.Step}");
        return (relative, kernelized);
    }

    private double[] Updated(double[]? earlier, double[] next, int count) =>
        earlier is null ? next : [.. earlier.Zip(next, (a, b) => Update(a, b, count))];

    private void CompareSweep(long step, string measure, double[][] expected)
    {
        Assert.Equal(
            Enumerable.Range(0, _ids.Length), run.Npy(SweepFile(step, $"{measure}-probes")).Ints());
        CompareMatrix(run.Npy(SweepFile(step, measure)).Doubles(), expected, $"sweep after {step}, {measure}");
    }

    private void CompareMatrix(double[] actual, double[]?[] expected, string what)
    {
        for (var i = 0; i < _ids.Length; i++)
            Close.Row(expected[i], actual.AsSpan(i * _ids.Length, _ids.Length), RowTolerance, $"{what}, row {i} ({_ids[i]})");
    }

    private static string SweepFile(long step, string name) => $"similarity/sweeps/step-{step:d9}-{name}.npy";
}

namespace ElasticityStream.EndToEnd.Fixtures;

/// <summary>Similarity rows by the definitions (DESIGN 3.1): predictions at all probes in float64 before and after a step, subtracted.</summary>
public sealed class PlainProbe(PlainLoss loss, double rate, IReadOnlyList<double[]> probes)
{
    /// <summary>Takes the step at a sample and returns its two rows.</summary>
    /// <param name="network">Stepped.</param>
    /// <param name="x">The sample.</param>
    /// <param name="label">Its label.</param>
    public (double[] Relative, double[] Kernelized, double SelfChange) Step(PlainNetwork network, double[] x, double label)
    {
        var outputs = network.Outputs(x);
        var gradient = loss.Gradient(outputs, label);
        var before = probes.Append(x).Select(p => loss.Prediction(network.Outputs(p))).ToArray();
        network.Step(x, loss.OutputGradient(outputs, label), rate);
        var change = probes.Append(x).Select((p, j) => loss.Prediction(network.Outputs(p)).Zip(before[j], (a, b) => a - b).ToArray()).ToArray();
        var self = Norm(change[^1]);
        var square = gradient.Sum(g => g * g);
        return (
            [.. change[..^1].Select(c => Norm(c) / self)],
            [.. change[..^1].Select(c => -c.Zip(gradient, (a, b) => a * b).Sum() / (rate * square))],
            change[^1].Length == 1 ? change[^1][0] : self);
    }

    /// <summary>The two matrices of virtual steps at all probes from the same weights.</summary>
    public (double[][] Relative, double[][] Kernelized) Sweep(PlainNetwork network, Func<int, double> label)
    {
        var rows = probes.Select((p, i) => Step(network.Copy(), p, label(i))).ToArray();
        return ([.. rows.Select(r => r.Relative)], [.. rows.Select(r => r.Kernelized)]);
    }

    /// <summary>What the kernelized matrix of a sweep tends to as the rate goes to 0, from whole gradients by all parameters.</summary>
    public double[][] TangentKernel(PlainNetwork network, Func<int, double> label)
    {
        var outputs = probes.Select(network.Outputs).ToArray();
        // Of f itself where there is one output, dp/dz times that of z where f is the probability; otherwise along g / |g|.
        var directions = outputs.Select((z, i) =>
        {
            var gradient = loss.Gradient(z, label(i));
            var toOutput = loss.OutputGradient(z, label(i))[0] / gradient[0];
            return gradient.Length == 1 ? [toOutput] : Array.ConvertAll(gradient, g => g / Norm(gradient));
        }).ToArray();
        var own = probes.Select((x, i) => network.Gradient(x, directions[i])).ToArray();
        var one = outputs[0].Length == 1;
        var each = probes.Select(x => outputs[0].Select((_, k) => network.Gradient(x, [.. outputs[0].Select((_, m) => m == k ? 1.0 : 0)])).ToArray()).ToArray();
        return [.. own.Select((row, i) => probes.Select((_, j) => one
            ? Dot(row, own[j])
            : directions[i].Select((v, k) => v * Dot(row, each[j][k])).Sum()).ToArray())];
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum();

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(v => v * v));
}

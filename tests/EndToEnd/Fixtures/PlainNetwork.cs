namespace ElasticityStream.EndToEnd.Fixtures;

/// <summary>
/// A fully connected network and its SGD step in plain float64 loops, written from the formulas (DESIGN 3.1): what the host's numbers are
/// compared with. Slow and obvious; it shares no code with the host.
/// </summary>
public sealed class PlainNetwork
{
    private readonly double[][][] _weights;
    private readonly double[]?[] _biases;
    private readonly string _activation;

    private PlainNetwork(double[][][] weights, double[]?[] biases, string activation)
    {
        _weights = weights;
        _biases = biases;
        _activation = activation;
    }

    /// <summary>Reads the weights that a run saved.</summary>
    /// <param name="run">The run.</param>
    /// <param name="which">"initial" or "final".</param>
    /// <param name="activation">As in the study.</param>
    public static PlainNetwork Load(RunFolder run, string which, string activation)
    {
        var weights = new List<double[][]>();
        var biases = new List<double[]?>();
        for (var l = 1; File.Exists(run.At($"weights/{which}/layer{l}.weight.npy")); l++)
        {
            var file = run.Npy($"weights/{which}/layer{l}.weight.npy");
            weights.Add([.. file.Doubles().Chunk(file.Shape[1])]);
            var bias = $"weights/{which}/layer{l}.bias.npy";
            biases.Add(File.Exists(run.At(bias)) ? run.Npy(bias).Doubles() : null);
        }

        Assert.NotEmpty(weights);
        return new PlainNetwork([.. weights], [.. biases], activation);
    }

    public PlainNetwork Copy() => new(
        [.. _weights.Select(w => w.Select(r => r.ToArray()).ToArray())], [.. _biases.Select(b => b?.ToArray())], _activation);

    /// <summary>All parameters, in the order of their layers.</summary>
    public IEnumerable<double> Parameters() =>
        _weights.Zip(_biases).SelectMany(l => l.First.SelectMany(r => r).Concat(l.Second ?? []));

    /// <summary>The outputs: one, or a logit per class.</summary>
    public double[] Outputs(double[] x) => Forward(x).Activations[^1];

    /// <summary>One step of SGD, w - rate * dL/dw.</summary>
    /// <param name="x">The sample.</param>
    /// <param name="gradient">dL/df at the sample, f the outputs.</param>
    /// <param name="rate">eta.</param>
    public void Step(double[] x, double[] gradient, double rate)
    {
        var (preActivations, activations) = Forward(x);
        var delta = gradient;
        for (var l = _weights.Length - 1; l >= 0; l--)
        {
            var below = new double[activations[l].Length];
            for (var i = 0; i < delta.Length; i++)
            {
                for (var k = 0; k < below.Length; k++)
                {
                    below[k] += _weights[l][i][k] * delta[i];
                    _weights[l][i][k] -= rate * delta[i] * activations[l][k];
                }

                if (_biases[l] is { } bias)
                    bias[i] -= rate * delta[i];
            }

            if (l > 0)
                delta = [.. below.Select((b, k) => b * Derivative(preActivations[l - 1][k]))];
        }
    }

    /// <summary>The derivative of an output by all parameters.</summary>
    /// <param name="x">The sample.</param>
    /// <param name="direction">Along which the outputs are taken.</param>
    public double[] Gradient(double[] x, double[] direction)
    {
        var stepped = Copy();
        stepped.Step(x, direction, 1);
        return [.. Parameters().Zip(stepped.Parameters(), (before, after) => before - after)];
    }

    private (double[][] PreActivations, double[][] Activations) Forward(double[] x)
    {
        var preActivations = new List<double[]>();
        var activations = new List<double[]> { x };
        for (var l = 0; l < _weights.Length; l++)
        {
            var input = activations[^1];
            var z = new double[_weights[l].Length];
            for (var i = 0; i < z.Length; i++)
            {
                z[i] = _biases[l]?[i] ?? 0;
                for (var k = 0; k < input.Length; k++)
                    z[i] += _weights[l][i][k] * input[k];
            }

            preActivations.Add(z);
            activations.Add(l == _weights.Length - 1 ? z : Array.ConvertAll(z, Value));
        }

        return ([.. preActivations], [.. activations]);
    }

    private double Value(double z) => _activation switch
    {
        "relu" => Math.Max(0, z),
        "leaky-relu" => z > 0 ? z : 0.01 * z,
        "tanh" => Math.Tanh(z),
        "sigmoid" => 1 / (1 + Math.Exp(-z)),
        "identity" => z,
        _ => throw new ArgumentOutOfRangeException(nameof(z), _activation, "Not known here."),
    };

    private double Derivative(double z) => _activation switch
    {
        "relu" => z > 0 ? 1 : 0,
        "leaky-relu" => z > 0 ? 1 : 0.01,
        "tanh" => 1 - (Math.Tanh(z) * Math.Tanh(z)),
        "sigmoid" => Value(z) * (1 - Value(z)),
        "identity" => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(z), _activation, "Not known here."),
    };
}

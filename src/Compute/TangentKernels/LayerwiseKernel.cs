using ElasticityStream.Compute.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.TangentKernels;

/// <summary>
/// The kernel of a fully connected network: K = sum over its layers of (A A^T + 1) o (D D^T), A the layer's inputs (n x width) and D
/// the derivatives of f by its outputs; without biases there is no + 1. With K outputs D D^T becomes the sum over k of
/// diag(v_k) D_v D_k^T, D_k the derivatives of output k and D_v those along each probe's own v.
/// <para>
/// Hidden units are processed in blocks, so that one hidden layer takes a few n x n matrices and a workspace of n x 1,024 values; deeper
/// networks keep the pre-activations of every hidden layer but the last, and the derivatives of one layer at a time.
/// </para>
/// </summary>
internal sealed class LayerwiseKernel : IKernelMethod
{
    private readonly ProbeGeometry _probes;
    private readonly KernelArithmetic _arithmetic;
    private readonly Activation _activation;
    private readonly Linear[] _layers;
    private readonly Tensor[] _preActivations;
    private double[]? _values;

    public LayerwiseKernel(FullyConnectedNetwork network, ProbeGeometry probes, KernelArithmetic arithmetic)
    {
        _probes = probes;
        _arithmetic = arithmetic;
        _activation = network.Spec.Activation;
        _layers = [.. network.Layers];
        _preActivations = new Tensor[_layers.Length];
    }

    public double[] Values => _values ?? throw new InvalidOperationException("The kernel is not complete.");

    private ScalarType Precision => _arithmetic.Precision;

    private int Count => _probes.Count;

    private int Last => _layers.Length - 1;

    // With one output the left and the right factor of D D^T are the same.
    private bool IsScalar => _probes.Outputs == 1;

    private int Seeds => IsScalar ? 1 : 1 + _probes.Outputs;

    public IEnumerable<Piece> Compute()
    {
        using var kept = new KeptTensors();
        var sum = Products(kept);
        var features = kept.Keep(() => _probes.Block(0, Count, Precision));
        var directions = kept.Keep(() => IsScalar ? empty(0) : Staging.ToTensor(_probes.Directions, Count, Precision, _probes.Device));
        // D D^T of the last layer is |v_i|^2: 1, or 0 where there is no gradient.
        var above = kept.Keep(() => IsScalar
            ? ones([Count, 1], ScalarType.Float64, _probes.Device)
            : SquaredNorms());

        var topInputs = features;
        for (var l = 1; l < Last; l++)
        {
            foreach (var piece in Forward(kept, l, topInputs))
                yield return piece;
            if (l > 1)
                kept.Free(topInputs);
            var z = _preActivations[l];
            topInputs = kept.Keep(() => Activations(z));
        }

        Tensor[] seeds = [];
        for (var l = Last; l > 0; l--)
        {
            var inputProducts = Products(kept);
            var derivativeProducts = Products(kept);
            var below = l > 1 ? Zeros(kept, Width(l - 1)) : [];
            foreach (var block in Blocks(l))
            {
                foreach (var piece in Process(block, topInputs, directions, seeds, below, inputProducts, derivativeProducts))
                    yield return piece;
            }

            AddLayer(inputProducts.Total, above, sum.Total);
            yield return default;
            kept.Free(inputProducts.Total);
            kept.Free(above);
            above = derivativeProducts.Total;
            foreach (var seed in seeds)
                kept.Free(seed);
            seeds = below;
        }

        var firstProducts = Products(kept);
        foreach (var piece in firstProducts.Add(features, features))
            yield return piece;
        AddLayer(firstProducts.Total, above, sum.Total);
        _values = sum.ToArray();
    }

    // The pre-activations of a hidden layer below the last one, whole.
    private IEnumerable<Piece> Forward(KeptTensors kept, int layer, Tensor inputs)
    {
        var z = _preActivations[layer] = kept.Keep(() => empty([Count, Width(layer)], Precision, _probes.Device));
        foreach (var block in Blocks(layer))
        {
            foreach (var piece in Affine(block, inputs, z, block.First))
                yield return piece;
        }
    }

    // What some units of a hidden layer add to the products of the layer above (their activations) and of their own (their
    // derivatives), and to the derivatives of the layer below.
    private IEnumerable<Piece> Process(
        UnitBlock block, Tensor inputs, Tensor directions, Tensor[] seeds, Tensor[] below, ProductSum inputProducts,
        ProductSum derivativeProducts)
    {
        using var kept = new KeptTensors();
        var z = kept.Keep(() => block.Layer == Last
            ? empty([Count, block.Count], Precision, _probes.Device)
            : _preActivations[block.Layer].narrow(1, block.First, block.Count).clone());
        if (block.Layer == Last)
        {
            foreach (var piece in Affine(block, inputs, z, 0))
                yield return piece;
        }

        var activations = kept.Keep(() => Activations(z));
        foreach (var piece in inputProducts.Add(activations, activations))
            yield return piece;

        var slopes = kept.Keep(() => ActivationFunctions.Derivative(_activation, z));
        Tensor? alongOwn = null;
        for (var s = 0; s < Seeds; s++)
        {
            var derivatives = kept.Keep(() => slopes.mul(Seed(block, s, directions, seeds)));
            for (var start = 0; block.Layer > 1 && start < Count; start += _arithmetic.Probes)
            {
                CarryDown(block, derivatives, below[s], start);
                yield return default;
            }

            if (!IsScalar && s == 0)
            {
                alongOwn = derivatives;
                continue;
            }

            var left = alongOwn is null ? derivatives : kept.Keep(() => alongOwn.mul(directions.narrow(1, s - 1, 1)));
            foreach (var piece in derivativeProducts.Add(left, derivatives))
                yield return piece;
            if (alongOwn is null)
                continue;
            kept.Free(left);
            kept.Free(derivatives);
        }
    }

    // The derivatives by some units' activations: seed 0 along each probe's own direction, seed k of output k - 1; of the only output.
    private Tensor Seed(UnitBlock block, int seed, Tensor directions, Tensor[] seeds)
    {
        if (block.Layer < Last)
            return seeds[seed].narrow(1, block.First, block.Count);
        var weights = _layers[Last].weight!.narrow(1, block.First, block.Count).to_type(Precision);
        return IsScalar ? weights : seed == 0 ? directions.mm(weights) : weights.narrow(0, seed - 1, 1);
    }

    // Z = A W^T + b for some units of a hidden layer, into columns of the target.
    private IEnumerable<Piece> Affine(UnitBlock block, Tensor inputs, Tensor target, long column)
    {
        for (var start = 0; start < Count; start += _arithmetic.Probes)
        {
            Affine(block, inputs, target, column, start);
            yield return default;
        }
    }

    private void Affine(UnitBlock block, Tensor inputs, Tensor target, long column, int start)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var count = Math.Min(_arithmetic.Probes, Count - start);
        var layer = _layers[block.Layer - 1];
        var z = inputs.narrow(0, start, count).mm(layer.weight!.narrow(0, block.First, block.Count).to_type(Precision).t());
        if (layer.bias is { } bias)
            z.plus_(bias.narrow(0, block.First, block.Count).to_type(Precision));
        target.narrow(0, start, count).narrow(1, column, block.Count).copy_(z);
    }

    private void CarryDown(UnitBlock block, Tensor derivatives, Tensor below, int start)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var count = Math.Min(_arithmetic.Probes, Count - start);
        var weights = _layers[block.Layer - 1].weight!.narrow(0, block.First, block.Count).to_type(Precision);
        below.narrow(0, start, count).plus_(derivatives.narrow(0, start, count).mm(weights));
    }

    // sum += (inputs (+ 1)) o derivatives; the inputs' products are used up.
    private void AddLayer(Tensor inputProducts, Tensor derivativeProducts, Tensor sum)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        if (_layers[0].bias is not null)
            inputProducts.plus_(1);
        sum.plus_(inputProducts.mul_(derivativeProducts));
    }

    // A handle of its own also where the activation is the identity, which gives z itself.
    private Tensor Activations(Tensor z) => ActivationFunctions.Value(_activation, z).alias();

    private Tensor SquaredNorms()
    {
        var directions = Staging.ToTensor(_probes.Directions, Count, ScalarType.Float64, _probes.Device);
        return directions.mul_(directions).sum(dim: 1, keepdim: true);
    }

    private ProductSum Products(KeptTensors kept) =>
        new(kept.Keep(() => zeros([Count, Count], ScalarType.Float64, _probes.Device)), IsScalar, _arithmetic.Probes);

    private Tensor[] Zeros(KeptTensors kept, long width) =>
        [.. Enumerable.Range(0, Seeds).Select(_ => kept.Keep(() => zeros([Count, width], Precision, _probes.Device)))];

    // The units of hidden layer l = 1, 2, ….
    private long Width(int layer) => _layers[layer].weight!.shape[1];

    private IEnumerable<UnitBlock> Blocks(int layer)
    {
        for (var first = 0L; first < Width(layer); first += _arithmetic.Units)
            yield return new UnitBlock(layer, first, Math.Min(_arithmetic.Units, Width(layer) - first));
    }

    /// <summary>Some units of a hidden layer.</summary>
    private readonly record struct UnitBlock(int Layer, long First, long Count);
}

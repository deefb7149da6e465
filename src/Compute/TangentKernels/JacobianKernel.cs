using ElasticityStream.Compute.Models;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.TangentKernels;

/// <summary>
/// The kernel of any module, from the gradients of its outputs by all parameters, a backward pass a row: K = J J^T. With K outputs
/// entry (i, j) is the product of the gradient of v_i . f at x_i with the sum over k of v_ik times the gradient of output k at x_j.
/// Rows are computed in blocks of probes that fit a bound, and again for every block that they meet: where all n fit, each of the K + 1 rows
/// of a probe once.
/// In float64.
/// </summary>
internal sealed class JacobianKernel : IKernelMethod
{
    private const long MostBytesPerBlock = 128 << 20;

    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly ProbeGeometry _probes;
    private readonly Tensor[] _parameters;
    private readonly int _probesPerBlock;
    private double[]? _values;

    public JacobianKernel(nn.Module<Tensor, Tensor> model, ProbeGeometry probes, int? probesPerBlock)
    {
        _model = model;
        _probes = probes;
        _parameters = [.. model.parameters()];
        Length = _parameters.Sum(p => p.numel());
        _probesPerBlock = probesPerBlock ?? (int)Math.Clamp(MostBytesPerBlock / (Length * sizeof(double)), 1, probes.Count);
    }

    public double[] Values => _values ?? throw new InvalidOperationException("The kernel is not complete.");

    private bool IsScalar => _probes.Outputs == 1;

    private long Length { get; }

    public IEnumerable<Piece> Compute()
    {
        var kernel = new double[(long)_probes.Count * _probes.Count];
        foreach (var piece in IsScalar ? OfOneOutput(kernel) : OfOutputs(kernel))
            yield return piece;
        _values = kernel;
    }

    // Symmetric: blocks left of the diagonal are those right of it.
    private IEnumerable<Piece> OfOneOutput(double[] kernel)
    {
        for (var right = 0; right < _probes.Count; right += _probesPerBlock)
        {
            using var kept = new KeptTensors();
            var columns = Rows(kept, right);
            foreach (var piece in Fill(columns, right, _ => OfOutput(0)))
                yield return piece;
            for (var left = right; left < _probes.Count; left += _probesPerBlock)
            {
                using var leftKept = new KeptTensors();
                var rows = columns;
                if (left != right)
                {
                    rows = Rows(leftKept, left);
                    foreach (var piece in Fill(rows, left, _ => OfOutput(0)))
                        yield return piece;
                }

                Multiply(rows, left, columns, right, 0, kernel);
                yield return default;
            }
        }
    }

    private IEnumerable<Piece> OfOutputs(double[] kernel)
    {
        for (var left = 0; left < _probes.Count; left += _probesPerBlock)
        {
            using var leftKept = new KeptTensors();
            var rows = Rows(leftKept, left);
            foreach (var piece in Fill(rows, left, OwnDirection))
                yield return piece;
            for (var right = 0; right < _probes.Count; right += _probesPerBlock)
            {
                for (var output = 0; output < _probes.Outputs; output++)
                {
                    var direction = OfOutput(output);
                    using var kept = new KeptTensors();
                    var columns = Rows(kept, right);
                    foreach (var piece in Fill(columns, right, _ => direction))
                        yield return piece;
                    Multiply(rows, left, columns, right, output, kernel);
                    yield return default;
                }
            }
        }
    }

    private Tensor Rows(KeptTensors kept, int start) =>
        kept.Keep(() => empty([Math.Min(_probesPerBlock, _probes.Count - start), Length], ScalarType.Float64, _probes.Device));

    private double[] OfOutput(int output)
    {
        var direction = new double[_probes.Outputs];
        direction[output] = 1;
        return direction;
    }

    private double[] OwnDirection(int probe) => _probes.Directions.AsSpan(probe * _probes.Outputs, _probes.Outputs).ToArray();

    // The gradients of some probes' outputs along a direction, one a row.
    private IEnumerable<Piece> Fill(Tensor rows, int start, Func<int, double[]> direction)
    {
        for (var b = 0; b < rows.shape[0]; b++)
        {
            using (var scope = NewDisposeScope())
                WriteGradient(rows.narrow(0, b, 1), start + b, direction(start + b));
            yield return default;
        }
    }

    private void WriteGradient(Tensor row, int probe, double[] direction)
    {
        using var grad = enable_grad();
        var outputs = _model.forward(_probes.Block(probe, 1, ScalarType.Float64));
        var gradients = autograd.grad(
            [outputs], _parameters, [Staging.ToTensor(direction, 1, ScalarType.Float64, _probes.Device)], allow_unused: true);
        using var noGrad = no_grad();
        var place = 0L;
        foreach (var (parameter, gradient) in _parameters.Zip(gradients))
        {
            var target = row.narrow(1, place, parameter.numel());
            if (gradient is null)
                target.zero_();
            else
                target.copy_(gradient.reshape(1, -1));
            place += parameter.numel();
        }
    }

    private void Multiply(Tensor rows, int left, Tensor columns, int right, int output, double[] kernel)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var products = Staging.ToDoubles(rows.mm(columns.t()));
        var width = (int)columns.shape[0];
        for (var r = 0; r < rows.shape[0]; r++)
        {
            var weight = IsScalar ? 1 : _probes.Directions[((left + r) * _probes.Outputs) + output];
            for (var c = 0; c < width; c++)
            {
                var value = weight * products[(r * width) + c];
                kernel[((long)(left + r) * _probes.Count) + right + c] += value;
                if (IsScalar && left != right)
                    kernel[((long)(right + c) * _probes.Count) + left + r] += value;
            }
        }
    }
}

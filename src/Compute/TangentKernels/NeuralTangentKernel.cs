using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Training;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.TangentKernels;

/// <summary>
/// The empirical neural tangent kernel of a network over n probes at the weights that it has: what S_ker of a sweep tends to as eta
/// goes to 0 (He &amp; Su 2020, section 2). For one output f that is K_ij = df(x_i)/dw . df(x_j)/dw, times p_i (1 - p_i) p_j (1 - p_j)
/// where f is the probability; for K outputs v_i^T Theta_ij v_i with v_i = g_i / |g_i|, g_i = dL/d(logits) at x_i, which is not
/// symmetric, and 0 in a row whose g_i is 0. The formulas are in docs/probing.md.
/// <para>
/// The computation is done in pieces, between which the caller may do something else on the same thread; the weights must be the same
/// ones throughout. It reads the model and changes nothing of it.
/// </para>
/// </summary>
public sealed class NeuralTangentKernel : IDisposable
{
    private readonly ProbeGeometry _probes;
    private readonly IEnumerator<Piece> _work;
    private double[]? _values;

    private NeuralTangentKernel(nn.Module<Tensor, Tensor> model, LossFunction loss, double[] features, double[] labels, KernelArithmetic arithmetic)
    {
        _probes = new ProbeGeometry(model, loss, features, labels);
        _work = Work(model is FullyConnectedNetwork network
            ? new LayerwiseKernel(network, _probes, arithmetic)
            : new JacobianKernel(model, _probes, arithmetic.JacobianRows));
    }

    /// <summary>n.</summary>
    public int Probes => _probes.Count;

    /// <summary>Whether every piece is done.</summary>
    public bool IsComplete => _values is not null;

    private double[] Values => _values ?? throw new InvalidOperationException("The kernel is not complete: Advance until it returns false.");

    /// <summary>Starts the computation.</summary>
    /// <param name="model">Any module of float64 parameters from B x d to B x K; of a <see cref="FullyConnectedNetwork"/> the layers are made use of.</param>
    /// <param name="loss">Gives the directions v_i and says whether f is the probability.</param>
    /// <param name="features">n x d, row-major.</param>
    /// <param name="labels">n training labels.</param>
    public static NeuralTangentKernel Begin(
        nn.Module<Tensor, Tensor> model, LossFunction loss, ReadOnlySpan<double> features, ReadOnlySpan<double> labels) =>
        Begin(model, loss, features, labels, KernelArithmetic.Default);

    /// <summary>Computes the whole kernel, n x n, row-major.</summary>
    /// <inheritdoc cref="Begin(nn.Module{Tensor, Tensor}, LossFunction, ReadOnlySpan{double}, ReadOnlySpan{double})"/>
    public static double[] Of(
        nn.Module<Tensor, Tensor> model, LossFunction loss, ReadOnlySpan<double> features, ReadOnlySpan<double> labels)
    {
        using var kernel = Begin(model, loss, features, labels);
        kernel.Finish();
        return kernel.Values;
    }

    /// <summary>Does the next piece.</summary>
    /// <returns>False if there was none left: the kernel is complete.</returns>
    public bool Advance() => _work.MoveNext();

    /// <summary>Some rows of the complete kernel, count x n, row-major.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many.</param>
    public double[] Rows(int start, int count) => Values.AsSpan(start * Probes, count * Probes).ToArray();

    /// <summary>Frees what lies outside managed memory, wherever the computation stands.</summary>
    public void Dispose() => _work.Dispose();

    internal static NeuralTangentKernel Begin(
        nn.Module<Tensor, Tensor> model, LossFunction loss, ReadOnlySpan<double> features, ReadOnlySpan<double> labels, KernelArithmetic arithmetic) =>
        new(model, loss, features.ToArray(), labels.ToArray(), arithmetic);

    internal void Finish()
    {
        while (Advance())
        {
        }
    }

    private IEnumerator<Piece> Work(IKernelMethod method)
    {
        foreach (var piece in _probes.Evaluate())
            yield return piece;
        foreach (var piece in method.Compute())
            yield return piece;
        _probes.ToPrediction(method.Values);
        _values = method.Values;
    }
}

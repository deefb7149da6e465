using ElasticityStream.Compute.Training;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Tests.TangentKernels;

/// <summary>The kernel by its definition, from the whole Jacobian of a float64 module by autograd, in plain loops. Slow.</summary>
internal static class PlainKernel
{
    /// <summary>n x n: df_i/dw . df_j/dw, f the prediction; with K outputs g_i^T Theta_ij g_i / (g_i . g_i).</summary>
    public static double[] Of(nn.Module<Tensor, Tensor> model, Loss loss, Prediction prediction, double[] features, double[] labels)
    {
        var n = labels.Length;
        var probes = Enumerable.Range(0, n).Select(i => Gradients(model, loss, prediction, features[(i * (features.Length / n))..((i + 1) * (features.Length / n))], labels[i])).ToArray();
        var kernel = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var (g, square) = (probes[i].LossGradient, probes[i].LossGradient.Sum(v => v * v));
                for (var k = 0; k < g.Length; k++)
                {
                    for (var m = 0; m < g.Length; m++)
                    {
                        var theta = probes[i].Jacobian[k].Zip(probes[j].Jacobian[m], (a, b) => a * b).Sum();
                        kernel[(i * n) + j] += g.Length == 1 ? theta : g[k] * theta * g[m] / square;
                    }
                }
            }
        }

        return kernel;
    }

    private static (double[] LossGradient, double[][] Jacobian) Gradients(
        nn.Module<Tensor, Tensor> model, Loss loss, Prediction prediction, double[] x, double label)
    {
        using var scope = NewDisposeScope();
        var parameters = model.parameters().ToArray();
        var outputs = model.forward(tensor(x, 1, x.Length));
        if (loss == Loss.Bce && prediction == Prediction.Probability)
            outputs = outputs.sigmoid();
        var values = outputs.detach().data<double>().ToArray();
        double[] gradient = [1];
        if (loss == Loss.CrossEntropy)
        {
            var sum = values.Sum(Math.Exp);
            gradient = [.. values.Select((v, k) => (Math.Exp(v) / sum) - (k == (int)label ? 1 : 0))];
        }

        var jacobian = Enumerable.Range(0, values.Length).Select(k =>
            autograd.grad([outputs[0, k]], parameters, retain_graph: true).SelectMany(g => g.contiguous().data<double>().ToArray()).ToArray());
        return (gradient, [.. jacobian]);
    }
}

using ElasticityStream.Compute.Models;

namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>The outputs of a cnn or a resnet-mlp in plain loops of float64, from the definitions and without torch.</summary>
internal static class SlowLayeredNetwork
{
    public static double[] Outputs(NetworkSpec spec, NetworkWeights weights, double[] x)
    {
        var layer = 0;
        var a = x;
        if (spec.Convolutions is { } convolutions)
        {
            var (channels, height, width) = convolutions.Image;
            foreach (var maps in convolutions.Channels)
            {
                a = Convolve(weights, ++layer, a, (channels, height, width), maps, convolutions.Kernel);
                a = Array.ConvertAll(a, z => SlowNetwork.Value(spec.Activation, z));
                (channels, height, width) = (maps, height - convolutions.Kernel + 1, width - convolutions.Kernel + 1);
                a = Pool(a, channels, height, width);
                (height, width) = (height / 2, width / 2);
            }
        }

        for (var l = 0; l < spec.Hidden.Count; l++)
        {
            double[] next = [.. Affine(weights, ++layer, a).Select(z => SlowNetwork.Value(spec.Activation, z))];
            a = spec.Kind == NetworkKind.ResnetMlp && l == 1 ? [.. next.Zip(a, (value, skipped) => value + skipped)] : next;
        }

        return Affine(weights, ++layer, a);
    }

    private static double[] Affine(NetworkWeights weights, int layer, double[] a)
    {
        var weight = weights[$"layer{layer}.weight"];
        var bias = Bias(weights, layer);
        return
        [
            .. Enumerable.Range(0, (int)weight.Shape[0]).Select(
                i => bias[i] + a.Select((v, k) => v * weight.Values[(i * a.Length) + k]).Sum()),
        ];
    }

    private static double[] Convolve(
        NetworkWeights weights, int layer, double[] a, (int Channels, int Height, int Width) image, int maps, int kernel)
    {
        var weight = weights[$"layer{layer}.weight"].Values;
        var bias = Bias(weights, layer);
        var (height, width) = (image.Height - kernel + 1, image.Width - kernel + 1);
        var z = new double[maps * height * width];
        for (var o = 0; o < maps; o++)
        {
            for (var i = 0; i < height * width; i++)
            {
                var (row, column) = (i / width, i % width);
                var sum = bias[o];
                for (var c = 0; c < image.Channels; c++)
                {
                    for (var k = 0; k < kernel * kernel; k++)
                    {
                        var pixel = a[(((c * image.Height) + row + (k / kernel)) * image.Width) + column + (k % kernel)];
                        sum += weight[(((o * image.Channels) + c) * kernel * kernel) + k] * pixel;
                    }
                }

                z[(o * height * width) + i] = sum;
            }
        }

        return z;
    }

    private static double[] Pool(double[] a, int channels, int height, int width)
    {
        var pooled = new List<double>();
        for (var c = 0; c < channels; c++)
        {
            for (var row = 0; row + 1 < height; row += 2)
            {
                for (var column = 0; column + 1 < width; column += 2)
                {
                    var corner = (((c * height) + row) * width) + column;
                    pooled.Add(new[] { a[corner], a[corner + 1], a[corner + width], a[corner + width + 1] }.Max());
                }
            }
        }

        return [.. pooled];
    }

    private static double[] Bias(NetworkWeights weights, int layer) =>
        weights.Parameters.FirstOrDefault(p => p.Name == $"layer{layer}.bias")?.Values
        ?? new double[weights[$"layer{layer}.weight"].Shape[0]];
}

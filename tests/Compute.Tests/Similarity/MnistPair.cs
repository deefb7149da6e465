using System.IO.Compression;

namespace ElasticityStream.Compute.Tests.Similarity;

/// <summary>The first samples of two digits, in the order of the files.</summary>
/// <param name="Pixels">n x 784, 0 to 255.</param>
/// <param name="Classes">0 for the first digit, 1 for the second.</param>
internal sealed record MnistPair(double[] Pixels, int[] Classes)
{
    private const int PixelsPerImage = 28 * 28;

    public static MnistPair Read(byte first, byte second, int perDigit)
    {
        // IDX: a header of 16 bytes (images) or 8 (labels), then one byte a value.
        var images = Inflate("train-10k-images-idx3-ubyte.gz").AsSpan(16);
        var labels = Inflate("train-10k-labels-idx1-ubyte.gz").AsSpan(8).ToArray();
        var chosen = new[] { first, second }
            .SelectMany(digit => Enumerable.Range(0, labels.Length).Where(i => labels[i] == digit).Take(perDigit)).Order().ToArray();
        var pixels = new double[chosen.Length * PixelsPerImage];
        for (var i = 0; i < chosen.Length; i++)
        {
            for (var k = 0; k < PixelsPerImage; k++)
                pixels[(i * PixelsPerImage) + k] = images[(chosen[i] * PixelsPerImage) + k];
        }

        return new MnistPair(pixels, [.. chosen.Select(i => labels[i] == first ? 0 : 1)]);
    }

    private static byte[] Inflate(string name)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "mnist", name));
        using var inflated = new GZipStream(file, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        inflated.CopyTo(bytes);
        return bytes.ToArray();
    }
}

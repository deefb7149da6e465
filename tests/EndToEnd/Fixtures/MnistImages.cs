using System.Globalization;
using System.IO.Compression;

namespace ElasticityStream.EndToEnd.Fixtures;

/// <summary>The embedded data set, read from the repository's files.</summary>
public static class MnistImages
{
    private const int PixelCount = 28 * 28;
    private static readonly byte[] Images = Unzip("data/mnist/train-10k-images-idx3-ubyte.gz")[16..];
    private static readonly byte[] Labels = Unzip("data/mnist/train-10k-labels-idx1-ubyte.gz")[8..];

    /// <summary>The digit of a sample.</summary>
    /// <param name="id">As in "mnist/17".</param>
    public static int Digit(string id) => Labels[Index(id)];

    /// <summary>The features of a sample: pixels scaled to [-1, 1], or to [0, 1].</summary>
    /// <param name="id">As in "mnist/17".</param>
    /// <param name="symmetric">Which of the two.</param>
    public static double[] Features(string id, bool symmetric = true)
    {
        // The host keeps features as float32.
        var pixels = Images.AsSpan(Index(id) * PixelCount, PixelCount);
        var features = new double[PixelCount];
        for (var k = 0; k < PixelCount; k++)
            features[k] = (float)(symmetric ? ((pixels[k] / 255.0) - 0.5) / 0.5 : pixels[k] / 255.0);
        return features;
    }

    /// <summary>The first samples of one digit, in file order.</summary>
    public static IEnumerable<string> First(int digit, int count) =>
        Enumerable.Range(0, Labels.Length).Where(i => Labels[i] == digit).Take(count).Select(i => $"mnist/{i}");

    private static int Index(string id) => int.Parse(id.AsSpan("mnist/".Length), CultureInfo.InvariantCulture);

    private static byte[] Unzip(string path)
    {
        using var file = new GZipStream(File.OpenRead(Repository.At(path)), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }
}

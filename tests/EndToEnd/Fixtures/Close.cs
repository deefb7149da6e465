namespace ElasticityStream.EndToEnd.Fixtures;

/// <summary>Comparisons with a stated tolerance.</summary>
public static class Close
{
    /// <summary>|actual - expected| is at most the tolerance times |expected|, or times <paramref name="scale"/> where that is larger.</summary>
    public static void To(double expected, double actual, double tolerance, string what, double scale = 1e-3) => Assert.True(
        Math.Abs(actual - expected) <= tolerance * Math.Max(Math.Abs(expected), scale),
        $"{what}: {actual:r}, expected {expected:r} within {tolerance}.");

    /// <summary>The Euclidean norm of the difference is at most the tolerance times that of the expected row.</summary>
    public static void Row(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double difference = 0, norm = 0;
        for (var k = 0; k < expected.Length; k++)
        {
            difference += (actual[k] - expected[k]) * (actual[k] - expected[k]);
            norm += expected[k] * expected[k];
        }

        Assert.True(Math.Sqrt(difference) <= tolerance * Math.Sqrt(norm), $"{what}: relative error {Math.Sqrt(difference / norm)}, allowed {tolerance}.");
    }
}

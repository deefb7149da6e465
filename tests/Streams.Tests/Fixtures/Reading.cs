namespace ElasticityStream.Streams.Tests.Fixtures;

public static class Reading
{
    public static async Task<List<Sample>> AllAsync(this ISampleSource source, long position = 0)
    {
        var samples = new List<Sample>();
        await foreach (var sample in source.OpenAsync(position, TestContext.Current.CancellationToken))
            samples.Add(sample);
        return samples;
    }

    /// <summary>Everything of a sample that can be compared; NaN equals NaN.</summary>
    public static string Describe(Sample sample) =>
        $"{sample.Id}|{sample.Position}|{sample.Label:R}|{sample.Class}|{sample.Role}|{string.Join(",", sample.Features.ToArray().Select(BitConverter.SingleToUInt32Bits))}";
}

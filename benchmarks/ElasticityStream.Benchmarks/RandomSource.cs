namespace ElasticityStream.Benchmarks;

/// <summary>The probes of a random study as primary samples, and as many auxiliary ones unless it is closed.</summary>
internal sealed class RandomSource : ISampleSource
{
    private readonly Sample[] _samples;

    public RandomSource(RandomStudy study, int inputs, bool closed)
    {
        var primary = study.ProbeCount;
        var auxiliary = new RandomStudy(inputs, primary, samples: 1);
        _samples = [.. Enumerable.Range(0, closed ? primary : 2 * primary).Select(i => new Sample
        {
            Id = $"random/{i}",
            Position = i,
            Features = Array.ConvertAll(
                (i < primary ? study.ProbeFeatures(i, 1) : auxiliary.ProbeFeatures(i - primary, 1)).ToArray(), v => (float)(i < primary ? v : 1 - v)),
            Label = i < primary ? 1 : 0,
            Class = i < primary ? $"{i % 2}" : "other",
            Role = i < primary ? SampleRole.Primary : SampleRole.Auxiliary,
        })];
        Schema = new SampleSchema { FeatureShape = [inputs], Classes = ["0", "1", "other"], Count = _samples.Length };
    }

    public SampleSchema Schema { get; }

    public async IAsyncEnumerable<Sample> OpenAsync(long position, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        for (var i = (int)position; i < _samples.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return _samples[i];
        }
    }
}

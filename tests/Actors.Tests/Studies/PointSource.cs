using System.Runtime.CompilerServices;

namespace ElasticityStream.Actors.Tests.Studies;

/// <summary>
/// Points in d dimensions around two centres: primary samples of the classes "a" and "b", auxiliary ones of class "c" between them.
/// </summary>
internal sealed class PointSource : ISampleSource
{
    private readonly Sample[] _samples;

    public PointSource(int primaryPerClass, int auxiliary, int features = 6, int seed = 1)
    {
        var random = new Random(seed);
        Schema = new SampleSchema { FeatureShape = [features], Classes = ["a", "b", "c"], Count = (2 * primaryPerClass) + auxiliary };
        _samples =
        [
            .. Enumerable.Range(0, (2 * primaryPerClass) + auxiliary).Select(i =>
            {
                var type = i < 2 * primaryPerClass ? i % 2 : 2;
                var values = new float[features];
                for (var k = 0; k < features; k++)
                    values[k] = (float)((random.NextDouble() - 0.5) + (type == 2 ? 0 : k % 2 == type ? 1 : -1));
                return new Sample
                {
                    Id = $"points/{i}",
                    Position = i,
                    Features = values,
                    Label = type == 2 ? 0 : 1,
                    Class = Schema.Classes[type],
                    Role = type == 2 ? SampleRole.Auxiliary : SampleRole.Primary,
                };
            }),
        ];
    }

    public PointSource(IEnumerable<Sample> samples, SampleSchema schema)
    {
        _samples = [.. samples];
        Schema = schema;
    }

    public SampleSchema Schema { get; }

    public IReadOnlyList<Sample> Samples => _samples;

    /// <summary>The classes as labels, every sample primary: for a classifier.</summary>
    public PointSource AsClassifier() => new(
        _samples.Select(s => s with { Label = Array.IndexOf([.. Schema.Classes], s.Class), Role = SampleRole.Primary }), Schema);

    public async IAsyncEnumerable<Sample> OpenAsync(long position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var sample in _samples.Skip((int)position))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return sample;
        }
    }
}

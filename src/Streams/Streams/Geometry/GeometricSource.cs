namespace ElasticityStream.Streams.Geometry;

/// <summary>
/// Points of two curves or surfaces, label 1 (primary) and label 0 (auxiliary) in turn, so that a longer draw begins with a shorter one.
/// </summary>
/// <typeparam name="TPlace">Where a point lies on its curve or surface: an angle, or an arc length and a height.</typeparam>
internal abstract class GeometricSource<TPlace> : ISampleSource, IGeodesicDistance
{
    private const int Labels = 2;

    private static readonly IReadOnlyList<string> ClassOfLabel = ["label 0", "label 1"];

    private readonly Sample[] _samples;
    private readonly TPlace[] _places;

    /// <summary>Draws the points.</summary>
    /// <param name="name">Starts the ids.</param>
    /// <param name="dimension">How many coordinates a point has.</param>
    /// <param name="perLabel">How many points carry each label.</param>
    /// <param name="random">Draws them.</param>
    /// <param name="draw">Draws the next point with a label.</param>
    protected GeometricSource(
        string name, int dimension, int perLabel, SeededRandom random, Func<SeededRandom, int, (TPlace Place, double[] Coordinates)> draw)
    {
        _samples = new Sample[checked(perLabel * Labels)];
        _places = new TPlace[_samples.Length];
        for (var i = 0; i < _samples.Length; i++)
        {
            var label = 1 - (i % Labels);
            (_places[i], var coordinates) = draw(random, label);
            _samples[i] = new Sample
            {
                Id = $"{name}/{i}",
                Position = i,
                Features = Array.ConvertAll(coordinates, c => (float)c),
                Label = label,
                Class = ClassOfLabel[label],
                Role = label == 1 ? SampleRole.Primary : SampleRole.Auxiliary,
            };
        }

        Schema = new SampleSchema { FeatureShape = [dimension], Classes = [ClassOfLabel[1], ClassOfLabel[0]], Count = _samples.Length };
    }

    public SampleSchema Schema { get; }

    public abstract string DistanceLabel { get; }

    public IAsyncEnumerable<Sample> OpenAsync(long position, CancellationToken cancellationToken) =>
        SampleSequence.Emit(position, _samples.Length, i => _samples[i], cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A sample is not of this source, or the two lie on different curves or surfaces.</exception>
    public double Distance(Sample first, Sample second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var (i, j) = (IndexOf(first), IndexOf(second));
        if (i % Labels != j % Labels)
        {
            throw new ArgumentException($"'{first.Id}' and '{second.Id}' carry different labels and lie on different curves or " +
                "surfaces; no way along them joins the two.", nameof(second));
        }

        return i == j ? 0 : Distance(_places[i], _places[j], label: 1 - (i % Labels));
    }

    /// <summary>Where a sample lies.</summary>
    public TPlace PlaceOf(Sample sample) => _places[IndexOf(sample)];

    /// <summary>The distance between two points with the same label.</summary>
    protected abstract double Distance(TPlace first, TPlace second, int label);

    private int IndexOf(Sample sample) =>
        sample.Position >= 0 && sample.Position < _samples.Length && _samples[sample.Position].Id == sample.Id
            ? (int)sample.Position
            : throw new ArgumentException($"'{sample.Id}' at position {sample.Position} is not a sample of this source.", nameof(sample));
}

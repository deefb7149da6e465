using System.Diagnostics.CodeAnalysis;
using ElasticityStream.Streams.Cifar;
using ElasticityStream.Streams.Csv;
using ElasticityStream.Streams.Geometry;
using ElasticityStream.Streams.Idx;

namespace ElasticityStream.Streams;

/// <summary>The sources that a study can name.</summary>
public sealed class SampleSourceRegistry
{
    private readonly SortedDictionary<string, ISampleSourceFactory> _factories = new(StringComparer.Ordinal);

    /// <summary>Registers factories under their names.</summary>
    /// <param name="factories">Each name once.</param>
    /// <exception cref="ArgumentException">Two factories have the same name.</exception>
    public SampleSourceRegistry(IEnumerable<ISampleSourceFactory> factories)
    {
        ArgumentNullException.ThrowIfNull(factories);
        foreach (var factory in factories)
        {
            if (!_factories.TryAdd(factory.Name, factory))
            {
                throw new ArgumentException($"Two sources are called '{factory.Name}': {_factories[factory.Name].GetType()} and " +
                    $"{factory.GetType()}.", nameof(factories));
            }
        }
    }

    /// <summary>The sources that come with the program.</summary>
    public static SampleSourceRegistry BuiltIn { get; } = new(
    [
        new Cifar10SourceFactory(), new CsvSourceFactory(), new FoldedBoxesSourceFactory(), new IdxSourceFactory(),
        new MnistSourceFactory(), new TorusSourceFactory(), new TwoCirclesSourceFactory(),
    ]);

    /// <summary>All of them, ordered by name.</summary>
    public IReadOnlyCollection<ISampleSourceFactory> All => _factories.Values;

    /// <summary>The factory of a name.</summary>
    /// <exception cref="SampleSourceException">There is none; the message offers the nearest name, and lists all.</exception>
    public ISampleSourceFactory Find(string name) => TryFind(name, out var factory)
        ? factory
        : throw new SampleSourceException(
            $"There is no source '{name}'.{Spelling.Suggestion(name, _factories.Keys)} Allowed: {string.Join(", ", _factories.Keys)}.");

    /// <summary>Looks up the factory of a name.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out ISampleSourceFactory? factory) => _factories.TryGetValue(name, out factory);

    /// <summary>The registered name nearest to a misspelt one; null if none is near.</summary>
    public string? Nearest(string name) => Spelling.Nearest(name, _factories.Keys);
}

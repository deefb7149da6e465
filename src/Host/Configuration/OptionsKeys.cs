using System.Collections.Concurrent;
using System.Reflection;

namespace ElasticityStream.Host.Configuration;

/// <summary>The keys of a section: the public settable properties of its class, in the order of their declaration.</summary>
internal sealed class OptionsKeys
{
    private static readonly ConcurrentDictionary<Type, OptionsKeys> Known = new();

    private readonly Dictionary<string, OptionsProperty> _byKey;

    private OptionsKeys(Type type)
    {
        Properties =
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.SetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
                .OrderBy(property => Depth(property.DeclaringType!))
                .ThenBy(property => property.MetadataToken)
                .Select(property => new OptionsProperty(property)),
        ];
        _byKey = Properties.ToDictionary(property => property.Key);
    }

    public IReadOnlyList<OptionsProperty> Properties { get; }

    /// <summary>The names of all keys.</summary>
    public IEnumerable<string> Names => Properties.Select(property => property.Key);

    /// <summary>The keys of a class, found once and kept.</summary>
    /// <exception cref="NotSupportedException">A property is of a type that cannot be written in a study file.</exception>
    public static OptionsKeys Of(Type type) => Known.GetOrAdd(type, static key => new OptionsKeys(key));

    public OptionsProperty? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>Inherited keys come first.</summary>
    private static int Depth(Type type) => type.BaseType is null ? 0 : 1 + Depth(type.BaseType);
}

namespace ElasticityStream.Host.Configuration;

/// <summary>The sources that a study may name.</summary>
/// <param name="Names">Every name, in the order in which it is listed to the user.</param>
/// <param name="Find">The source with that name, or null; not null for each of <paramref name="Names"/>.</param>
public sealed record KnownSources(IReadOnlyList<string> Names, Func<string, ISampleSourceFactory?> Find)
{
    /// <summary>The sources that these factories create, in their order.</summary>
    /// <exception cref="ArgumentException">Two factories have the same name.</exception>
    public static KnownSources Of(IEnumerable<ISampleSourceFactory> factories)
    {
        var all = factories.ToList();
        var byName = all.ToDictionary(factory => factory.Name, StringComparer.Ordinal);
        return new KnownSources([.. all.Select(factory => factory.Name)], name => byName.GetValueOrDefault(name));
    }
}

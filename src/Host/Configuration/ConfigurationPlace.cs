namespace ElasticityStream.Host.Configuration;

/// <summary>Where a value was stated.</summary>
/// <param name="Source">The file as it was named, or the override: <c>--set model.hidden=[64]</c>.</param>
/// <param name="Line">The line, from 1; 0 where the place is the whole <paramref name="Source"/>.</param>
/// <param name="Column">The column, from 1; 0 where <paramref name="Line"/> is 0.</param>
public sealed record ConfigurationPlace(string Source, int Line = 0, int Column = 0)
{
    /// <summary><c>file:line:column</c>, or the source alone.</summary>
    public override string ToString() => Line > 0 ? $"{Source}:{Line}:{Column}" : Source;
}

namespace ElasticityStream.Host.Configuration;

/// <summary>Paths of values, <c>training.pretraining.epochs</c>; that of the study as a whole is empty.</summary>
internal static class StudyPath
{
    public static string Join(string section, string key)
    {
        var shown = UserText.Key(key);
        return section.Length == 0 ? shown : $"{section}.{shown}";
    }

    /// <summary>Whether <paramref name="path"/> is <paramref name="ancestor"/> or lies in it.</summary>
    public static bool IsWithin(string path, string ancestor) =>
        ancestor.Length == 0
        || (path.StartsWith(ancestor, StringComparison.Ordinal) && (path.Length == ancestor.Length || path[ancestor.Length] is '.' or '['));

    /// <summary>The section that a path lies in; null for the study as a whole.</summary>
    public static string? Parent(string path) =>
        path.Length == 0 ? null : path[..Math.Max(0, path.LastIndexOf('.'))];
}

namespace ElasticityStream.Streams;

/// <summary>Finds the name that a misspelt one was probably meant to be.</summary>
public static class Spelling
{
    private const int LongestName = 60;

    /// <summary>The nearest of <paramref name="known"/> if it is near enough to be meant, otherwise null.</summary>
    public static string? Nearest(string name, IEnumerable<string> known)
    {
        if (name.Length is 0 or > LongestName)
            return null;
        var written = Plain(name);
        var nearest = known.Select(candidate => (candidate, distance: Distance(written, Plain(candidate))))
            .OrderBy(pair => pair.distance)
            .FirstOrDefault();
        return nearest.candidate is { } found && nearest.distance <= Limit(found) ? found : null;
    }

    // A third of the letters may differ: more is another word. Of a name of one or two letters, a class "7" say, nothing is left
    // to recognise.
    private static int Limit(string name) => name.Length < 3 ? 0 : Math.Max(1, name.Length / 3);

    /// <summary>A sentence that offers the nearest name, with a space before it; empty if none is near.</summary>
    public static string Suggestion(string name, IEnumerable<string> known) =>
        Nearest(name, known) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    /// <summary><c>Learning_rate</c> and <c>learning-rate</c> are <c>learningRate</c> in another convention.</summary>
    private static string Plain(string name) =>
        string.Concat(name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));

    /// <summary>Edits, and swaps of neighbours, that turn one text into the other (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            table[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            table[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                table[i, j] = Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }

        return table[a.Length, b.Length];
    }
}

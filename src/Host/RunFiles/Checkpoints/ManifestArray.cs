using System.Text.RegularExpressions;

namespace ElasticityStream.Host.RunFiles.Checkpoints;

/// <summary>What the manifest of a checkpoint says about one array.</summary>
/// <param name="Part">Whose it is, as in "evaluator-0".</param>
/// <param name="Name">What it is.</param>
/// <param name="Type">Its elements' type in NumPy's words: "float32", "float64", "int32" or "int64".</param>
/// <param name="Length">How many elements it has.</param>
/// <param name="Hash">XXH128 of its whole file, in 32 lower-case hexadecimal digits.</param>
internal sealed partial record ManifestArray(string Part, string Name, string Type, long Length, string Hash)
{
    private const int LongestName = 100;

    /// <summary>The file's name within the folder of the checkpoint. It follows from the other two, so that a manifest cannot name any other file.</summary>
    public string File => $"{Part}.{Name}.npy";

    /// <summary>The size of the file.</summary>
    public long Bytes => NpyArrayFile.Size(Type, Length);

    /// <summary>Whether a name of a part or an array may be part of a file's name: 1 to 100 lower-case letters, digits and hyphens.</summary>
    public static bool IsPlain(string name) => name.Length <= LongestName && PlainName().IsMatch(name);

    /// <summary>Whether a text is a hash as it is written here.</summary>
    public static bool IsHash(string text) => HashText().IsMatch(text);

    [GeneratedRegex("^[a-z0-9-]+\\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex PlainName();

    [GeneratedRegex("^[0-9a-f]{32}\\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex HashText();
}

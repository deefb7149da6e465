namespace ElasticityStream.Host.Configuration;

/// <summary>One thing that keeps a study from starting.</summary>
/// <param name="Place">Where it was stated, or where it should have been.</param>
/// <param name="Path">The value meant, <c>model.hidden[1]</c>; empty where it is the file as a whole.</param>
/// <param name="Message">What is wrong and what is allowed.</param>
public sealed record ConfigurationError(ConfigurationPlace Place, string Path, string Message)
{
    /// <summary><c>file:line:column: path: message</c>.</summary>
    public override string ToString() => Path.Length == 0 ? $"{Place}: {Message}" : $"{Place}: {Path}: {Message}";
}

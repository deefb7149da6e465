namespace ElasticityStream.Host.Results;

/// <summary>A file or folder that the closing table points to.</summary>
/// <param name="Content">What is in it, in a word or two.</param>
/// <param name="Path">Where it is.</param>
public sealed record ResultFile(string Content, string Path);

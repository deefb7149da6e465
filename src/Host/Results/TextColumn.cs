namespace ElasticityStream.Host.Results;

/// <summary>A column of a <see cref="TextTable"/>; numbers are set flush right.</summary>
internal sealed record TextColumn(string Heading, bool FlushRight);

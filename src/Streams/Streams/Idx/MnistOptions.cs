using ElasticityStream.Streams.Images;

namespace ElasticityStream.Streams.Idx;

/// <summary>Options of the source <c>mnist</c>.</summary>
public sealed class MnistOptions : ImageSourceOptions;

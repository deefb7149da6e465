namespace ElasticityStream.Streams.Geometry;

/// <summary>Options of the source <c>folded-boxes</c>.</summary>
public sealed class FoldedBoxesOptions : GeometryOptions;

namespace ElasticityStream.Streams.Geometry;

/// <summary>Options of the source <c>two-circles</c>.</summary>
public sealed class TwoCirclesOptions : GeometryOptions;

namespace ElasticityStream.Compute.TangentKernels;

/// <summary>Says that a piece of a longer computation is done, of bounded time whatever the sizes are.</summary>
internal readonly record struct Piece;

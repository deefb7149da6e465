namespace ElasticityStream.Compute.TangentKernels;

/// <summary>Says that a piece of a longer computation is done: a block of a product, a pass over one matrix, the gradient at one probe.</summary>
internal readonly record struct Piece;

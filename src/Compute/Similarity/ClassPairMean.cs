namespace ElasticityStream.Compute.Similarity;

/// <summary>The mean similarity from one class to another.</summary>
/// <param name="From">The class of the trained samples.</param>
/// <param name="To">The class of the probes.</param>
/// <param name="Mean">Over all pairs; a sample's similarity with itself is left out.</param>
/// <param name="Count">How many pairs.</param>
public readonly record struct ClassPairMean(int From, int To, double Mean, long Count);

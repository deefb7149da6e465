namespace ElasticityStream.Actors.Recording;

/// <summary>The similarities from steps at one class to probes of another, over the steps since the row before.</summary>
/// <param name="Step">The number of steps done when the interval ended.</param>
/// <param name="Measure">"relative" or "kernelized".</param>
/// <param name="From">The class of the trained sample.</param>
/// <param name="To">The class of the probe.</param>
/// <param name="Mean">The mean similarity; a sample's similarity with itself is left out.</param>
/// <param name="Count">How many similarities the mean is over.</param>
public sealed record ClassPairRow(long Step, string Measure, string From, string To, double Mean, long Count);

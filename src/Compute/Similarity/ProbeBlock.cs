namespace ElasticityStream.Compute.Similarity;

/// <summary>Neighbouring probes of one group.</summary>
/// <param name="Name">The class or cluster.</param>
/// <param name="Start">The place of the first, from 0.</param>
/// <param name="Count">How many they are.</param>
public sealed record ProbeBlock(string Name, int Start, int Count)
{
    /// <summary>The place in their middle.</summary>
    public double Middle => Start + (Count / 2.0);
}

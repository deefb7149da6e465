namespace ElasticityStream.Compute.Similarity;

/// <summary>Neighbouring probes of one group.</summary>
public sealed record ProbeBlock(string Name, int Start, int Count)
{
    public double Middle => Start + (Count / 2.0);
}

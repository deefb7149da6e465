namespace ElasticityStream.Host.Plots;

/// <summary>Neighbouring probes of one group.</summary>
internal sealed record ProbeBlock(string Name, int Start, int Count)
{
    public double Middle => Start + (Count / 2.0);
}

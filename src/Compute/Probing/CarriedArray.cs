namespace ElasticityStream.Compute.Probing;

/// <summary>One array of a <see cref="CarriedState"/>.</summary>
/// <param name="Name">What it is, of lower-case letters, digits and hyphens; unique within the state.</param>
/// <param name="Values">An array of one dimension of <see cref="float"/>, <see cref="double"/>, <see cref="int"/> or <see cref="long"/>; never written to again.</param>
public sealed record CarriedArray(string Name, Array Values)
{
    /// <summary>How many bytes the values take.</summary>
    public long Bytes => Values.LongLength * (Values is (float[] or int[]) ? 4 : 8);
}

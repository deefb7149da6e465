namespace ElasticityStream.Compute.Probing;

/// <summary>A shard that carries its probes' pre-activations and can hand them over.</summary>
public interface IHandOverShard : IProbeShard
{
    /// <summary>The pre-activations of some probes at the weights that the shard has followed up to now.</summary>
    /// <param name="probes">m indices of probes of this shard.</param>
    /// <returns>m x h, row-major.</returns>
    float[] PreActivations(ReadOnlySpan<int> probes);
}

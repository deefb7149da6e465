namespace ElasticityStream.Compute.Probing;

/// <summary>A shard that carries its probes' pre-activations and can hand them over.</summary>
public interface IHandOverShard : IProbeShard
{
    /// <summary>Prepares for steps at probes, whose overlaps with this shard's never change.</summary>
    /// <param name="features">n x d, row-major: the features of all probes of the study.</param>
    void Close(ReadOnlySpan<double> features);

    /// <summary>The pre-activations of some probes at the weights that the shard has followed up to now.</summary>
    /// <param name="probes">m indices of probes of this shard.</param>
    /// <returns>m x h, row-major.</returns>
    float[] PreActivations(ReadOnlySpan<int> probes);
}

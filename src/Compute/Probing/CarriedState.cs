namespace ElasticityStream.Compute.Probing;

/// <summary>
/// What a stepper or a shard carries from step to step, copied bit by bit: with it another one of the same engine goes on as if it had taken every
/// step itself.
/// </summary>
/// <param name="Arrays">Its arrays; every name once.</param>
public sealed record CarriedState(IReadOnlyList<CarriedArray> Arrays)
{
    /// <summary>How many bytes the values take.</summary>
    public long Bytes => Arrays.Sum(a => a.Bytes);
}

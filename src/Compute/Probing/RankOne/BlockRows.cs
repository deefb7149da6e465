using System.Numerics;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing.RankOne;

/// <summary>What the trainer holds of the B samples and steps of one block, one row each.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class BlockRows<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _inputs;
    private readonly int _hidden;

    public BlockRows(int steps, int inputs, int hidden)
    {
        (Steps, _inputs, _hidden) = (steps, inputs, hidden);
        Samples = Rows(inputs);
        PreActivations = Rows(hidden);
        Deltas = Rows(hidden);
        Activations = Rows(hidden);
    }

    /// <summary>B.</summary>
    public int Steps { get; }

    /// <summary>B x d.</summary>
    public Tensor Samples { get; }

    /// <summary>B x h.</summary>
    public Tensor PreActivations { get; }

    /// <summary>B x h: u = eta dL/dz.</summary>
    public Tensor Deltas { get; }

    /// <summary>B x h: phi(z).</summary>
    public Tensor Activations { get; }

    /// <summary>This, or others in its place if it holds another number of steps.</summary>
    public BlockRows<T> WithSteps(int steps)
    {
        if (steps == Steps)
            return this;
        Dispose();
        return new BlockRows<T>(steps, _inputs, _hidden);
    }

    public void Dispose()
    {
        Samples.Dispose();
        PreActivations.Dispose();
        Deltas.Dispose();
        Activations.Dispose();
    }

    private Tensor Rows(int columns) =>
        zeros([Steps, columns], dtype: typeof(T) == typeof(double) ? ScalarType.Float64 : ScalarType.Float32).DetachFromDisposeScope();
}

using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Models.Layers;
using ElasticityStream.Compute.Probing.Vectorised;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// A layer, and what follows it, for the probes of a shard in tiles of 64: carries their pre-activations and its own weights, and turns the changes of its
/// inputs by a step into those of the next layer's (docs/probing.md).
/// </summary>
internal abstract unsafe class TileStage : IDisposable
{
    private readonly AlignedBuffer<float> _preActivations;
    private readonly AlignedBuffer<float> _state;
    private int _tile;

    /// <summary>Reserves the memory of a stage.</summary>
    /// <param name="stage">The layer.</param>
    /// <param name="tiles">How many tiles there are.</param>
    /// <param name="kernels">What it computes with.</param>
    protected TileStage(Stage stage, int tiles, TileKernels kernels)
    {
        Stage = stage;
        Kernels = kernels;
        Units = stage.Layer.OutputSize;
        var carried = stage.After is null ? 0 : Units * ProbeTile.Probes;
        _preActivations = new(tiles * carried);
        _state = new(kernels.Difference.CarriesState ? carried : 0);
    }

    /// <summary>The layer.</summary>
    public Stage Stage { get; }

    /// <summary>The number of its pre-activations.</summary>
    public long Units { get; }

    protected TileKernels Kernels { get; }

    /// <summary>The pre-activations of the tile that was begun.</summary>
    protected TileLayer Layer => new(_preActivations.Pointer + (_tile * Units * ProbeTile.Probes), _state.Pointer);

    /// <summary>Takes new weights.</summary>
    /// <param name="weight">W in float64.</param>
    public abstract void Load(Tensor weight);

    /// <summary>Rounds the pre-activations of a tile.</summary>
    /// <param name="tile">Which.</param>
    /// <param name="values">One row a unit.</param>
    /// <param name="stride">From one row to the next.</param>
    public void Keep(int tile, ReadOnlySpan<double> values, int stride)
    {
        for (var i = 0; i < Units; i++)
            Staging.Narrow(values.Slice(i * stride, ProbeTile.Probes), _preActivations.Slice(((tile * Units) + i) * ProbeTile.Probes, ProbeTile.Probes));
    }

    /// <summary>Lays out the next steps.</summary>
    /// <param name="steps">This layer's.</param>
    /// <param name="next">Those of the next layer; null for the last.</param>
    /// <param name="applied">Whether each starts from the weights after the one before.</param>
    public abstract void Prepare(in StepRows steps, StepRows? next, bool applied);

    /// <summary>Begins a tile.</summary>
    /// <param name="tile">Which.</param>
    /// <param name="features">d x 64.</param>
    public virtual void Begin(int tile, float* features)
    {
        _tile = tile;
        if (Stage.After is not null)
            Kernels.Difference.Begin(Layer, Units);
    }

    /// <summary>Takes the tile through step <paramref name="b"/>, after all earlier ones.</summary>
    /// <param name="b">The step.</param>
    /// <param name="input">The inputs and their changes; null for the first layer.</param>
    /// <param name="output">Receives those of the next layer, or the changes of the outputs.</param>
    public abstract void Run(int b, TileFlow? input, TileFlow output);

    /// <summary>The weights take all the steps.</summary>
    public abstract void Follow();

    public virtual void Dispose()
    {
        _preActivations.Dispose();
        _state.Dispose();
    }

    protected static void Clear(float* rows, int count) => new Span<float>(rows, count * ProbeTile.Probes).Clear();
}

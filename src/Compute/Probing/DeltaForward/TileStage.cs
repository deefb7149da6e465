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
    private readonly int _tiles;
    private int _tile;

    /// <summary>Reserves the memory of a stage.</summary>
    /// <param name="stage">The layer.</param>
    /// <param name="tiles">How many tiles there are.</param>
    /// <param name="kernels">What it computes with.</param>
    protected TileStage(Stage stage, int tiles, TileKernels kernels)
    {
        Stage = stage;
        Kernels = kernels;
        _tiles = tiles;
        Units = stage.Layer.OutputSize;
        _preActivations = new(stage.After is null ? 0 : tiles * Units * ProbeTile.Probes);
    }

    /// <summary>The layer.</summary>
    public Stage Stage { get; }

    /// <summary>The number of its pre-activations.</summary>
    public long Units { get; }

    protected TileKernels Kernels { get; }

    /// <summary>The pre-activations of the tile that was begun, h x 64.</summary>
    protected float* PreActivations => _preActivations.Pointer + (_tile * Units * ProbeTile.Probes);

    /// <summary>Takes new weights, and forgets what the lanes beyond the last probe have come to.</summary>
    /// <param name="weight">W in float64.</param>
    public virtual void Load(Tensor weight)
    {
        if (_preActivations.Length > 0)
            new Span<float>(_preActivations.Pointer + ((_tiles - 1) * Units * ProbeTile.Probes), checked((int)Units * ProbeTile.Probes)).Clear();
    }

    /// <summary>Rounds the pre-activations of some probes.</summary>
    /// <param name="probe">The first probe.</param>
    /// <param name="count">How many; they need not be in one tile.</param>
    /// <param name="values">Those of all units.</param>
    /// <param name="unitStride">From one unit to the next.</param>
    /// <param name="probeStride">From one probe to the next.</param>
    public void Keep(int probe, int count, ReadOnlySpan<double> values, int unitStride, int probeStride)
    {
        for (var i = 0; i < Units; i++)
        {
            for (var j = 0; j < count; j++)
            {
                var (tile, lane) = Math.DivRem(probe + j, ProbeTile.Probes);
                _preActivations.Pointer[(((tile * Units) + i) * ProbeTile.Probes) + lane] = (float)values[(i * unitStride) + (j * probeStride)];
            }
        }
    }

    /// <summary>Lays out the next steps.</summary>
    /// <param name="steps">This layer's.</param>
    /// <param name="next">Those of the next layer; null for the last.</param>
    /// <param name="applied">Whether each starts from the weights after the one before.</param>
    public abstract void Prepare(in StepRows steps, StepRows? next, bool applied);

    /// <summary>Begins a tile.</summary>
    /// <param name="tile">Which.</param>
    /// <param name="features">d x 64.</param>
    public virtual void Begin(int tile, float* features) => _tile = tile;

    /// <summary>Takes the tile through step <paramref name="b"/>, after all earlier ones.</summary>
    /// <param name="b">The step.</param>
    /// <param name="input">The inputs and their changes; null for the first layer.</param>
    /// <param name="output">Receives those of the next layer, or the changes of the outputs.</param>
    public abstract void Run(int b, TileFlow? input, TileFlow output);

    /// <summary>The weights take all the steps.</summary>
    public abstract void Follow();

    /// <summary>Names what is carried from block to block.</summary>
    /// <param name="state">Where to.</param>
    /// <param name="layer">What its names begin with.</param>
    public virtual void Transfer(StateTransfer state, string layer) => state.Values($"{layer}-pre-activations", _preActivations);

    public virtual void Dispose() => _preActivations.Dispose();

    protected static void Clear(float* rows, int count) => new Span<float>(rows, count * ProbeTile.Probes).Clear();
}

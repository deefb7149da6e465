using ElasticityStream.Compute.Probing.Vectorised;

namespace ElasticityStream.Compute.Probing;

/// <summary>A hidden layer at the probes of a tile.</summary>
/// <param name="preActivations">h x 64.</param>
/// <param name="state">h x 64: what is kept beside them; used where <see cref="DifferenceKernel.CarriesState"/>.</param>
internal readonly unsafe struct TileLayer(float* preActivations, float* state)
{
    public float* PreActivations => preActivations;

    public float* State => state;

    /// <summary>The layer from a unit on.</summary>
    public TileLayer From(long unit) => new(preActivations + (unit * ProbeTile.Probes), state + (unit * ProbeTile.Probes));
}

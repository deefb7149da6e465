using ElasticityStream.Compute.Probing.Vectorised;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// What a step's change of a hidden layer's pre-activations does to its activations, for one tile of probes: dA = phi(Z + dZ) - phi(Z), and what else
/// of phi(Z) the next layer asks for.
/// </summary>
internal abstract unsafe class DifferenceKernel : IActivationKernel<DifferenceKernel>
{
    /// <summary>See <see cref="IActivationLanes.SkipsInactiveUnits"/>.</summary>
    public abstract bool SkipsInactiveUnits { get; }

    /// <summary>See <see cref="IActivationLanes.CarriesState"/>.</summary>
    public abstract bool CarriesState { get; }

    public static DifferenceKernel Create<TLanes, TVector, TActivation>()
        where TLanes : ILanes<TVector>
        where TVector : struct
        where TActivation : IActivationLanes => new VectorDifferenceKernel<TLanes, TVector, TActivation>();

    /// <summary>Computes what is kept beside the pre-activations during a block.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="units">Its units.</param>
    public abstract void Begin(in TileLayer layer, long units);

    /// <summary>A first layer whose pre-activations move by -k u^T.</summary>
    /// <param name="step">The units that the step moves or reads.</param>
    /// <param name="overlaps">k of the 64 probes.</param>
    /// <param name="layer">The layer; moved along if the step is applied.</param>
    /// <param name="result">One row of 64 a unit of <paramref name="step"/>.</param>
    public abstract void RunFirst(in FirstLayerStep step, float* overlaps, in TileLayer layer, in TileDifferences result);

    /// <summary>Some units whose dZ is there.</summary>
    /// <param name="units">How many.</param>
    /// <param name="layer">The layer from the first of them on; moved along if the step is applied.</param>
    /// <param name="applied">Whether the step is applied.</param>
    /// <param name="result">One row of 64 a unit; <see cref="TileDifferences.Differences"/> holds dZ before.</param>
    /// <param name="activations">a of each; null if no sums are asked for.</param>
    public abstract void Run(int units, in TileLayer layer, bool applied, in TileDifferences result, float* activations);
}

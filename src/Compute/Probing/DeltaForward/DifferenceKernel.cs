using ElasticityStream.Compute.Probing.Vectorised;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// What a step's change of a hidden layer's pre-activations does to its activations, for one tile of probes: dA = phi(Z + dZ) - phi(Z), and the
/// products of phi(Z + dZ) with the activations a of the trained sample, from which the next layer's change follows (docs/probing.md).
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
    public abstract void Begin(in TileLayer layer, int units);

    /// <summary>The first layer, whose pre-activations move by -k u^T.</summary>
    /// <param name="step">The units that the step moves or reads.</param>
    /// <param name="overlaps">k of the 64 probes.</param>
    /// <param name="layer">The layer; moved along if the step is applied.</param>
    /// <param name="differences">One row of 64 a unit of <paramref name="step"/>: receives dA.</param>
    /// <param name="arrived">64 sums, to which phi(Z + dZ) a is added.</param>
    public abstract void RunFirst(in FirstLayerStep step, float* overlaps, in TileLayer layer, float* differences, float* arrived);

    /// <summary>Some units of a layer above.</summary>
    /// <param name="units">How many.</param>
    /// <param name="activations">a of each.</param>
    /// <param name="layer">The layer from the first of them on; moved along if the step is applied.</param>
    /// <param name="changes">units x 64: dZ; receives dA.</param>
    /// <param name="applied">Whether the step is applied.</param>
    /// <param name="arrived">64 sums, to which phi(Z + dZ) a is added.</param>
    public abstract void RunUpper(int units, float* activations, in TileLayer layer, float* changes, bool applied, float* arrived);
}

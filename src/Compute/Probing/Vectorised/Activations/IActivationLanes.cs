using System.Diagnostics;

namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>
/// An activation phi as the kernels need it: what a change of the pre-activations does, without subtracting two values of phi.
/// </summary>
internal interface IActivationLanes
{
    /// <summary>Whether a unit whose update u and activation a at the trained sample are both 0 can be left out.</summary>
    static abstract bool SkipsInactiveUnits { get; }

    /// <summary>
    /// Whether something is kept beside each pre-activation during a block, computed by <see cref="State"/> at its start and moved along by
    /// the steps.
    /// </summary>
    static virtual bool CarriesState => false;

    /// <summary>Whether the value is given with its sign turned, where that is what comes for free.</summary>
    static abstract bool ValueIsNegated { get; }

    /// <summary>The largest |change of a pre-activation| that <see cref="Step"/> is good for; <see cref="LargeStep"/> takes any.</summary>
    static virtual float LargestChange => float.PositiveInfinity;

    /// <summary>What is kept beside a pre-activation, if anything is.</summary>
    static virtual TVector State<TLanes, TVector>(TVector z)
        where TLanes : ILanes<TVector>
        where TVector : struct => z;

    /// <summary>One step: z moves by k u.</summary>
    /// <param name="z">The pre-activations before the step; receives those after it.</param>
    /// <param name="state">What is kept beside them; receives its successor.</param>
    /// <param name="k">One factor of the change, a value for each probe: in a network with one hidden layer the overlaps with the trained sample.</param>
    /// <param name="u">The other, in all lanes: there minus eta dL/dz at the trained sample.</param>
    /// <param name="value">Receives phi(z), or -phi(z).</param>
    /// <returns>phi(z + k u) - phi(z).</returns>
    static abstract TVector Step<TLanes, TVector>(ref TVector z, ref TVector state, TVector k, TVector u, out TVector value)
        where TLanes : ILanes<TVector>
        where TVector : struct;

    /// <summary>The same for changes beyond <see cref="LargestChange"/>.</summary>
    static virtual TVector LargeStep<TLanes, TVector>(ref TVector z, ref TVector state, TVector k, TVector u, out TVector value)
        where TLanes : ILanes<TVector>
        where TVector : struct => throw new UnreachableException("No change is beyond what Step is good for.");
}

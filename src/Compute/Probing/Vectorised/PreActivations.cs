using System.Runtime.CompilerServices;

namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>Moves a vector of pre-activations in memory, with what an activation keeps beside them.</summary>
internal static unsafe class PreActivations<TLanes, TVector, TActivation>
    where TLanes : ILanes<TVector>
    where TVector : struct
    where TActivation : IActivationLanes
{
    /// <summary>Computes what is kept beside <paramref name="count"/> pre-activations, if anything is.</summary>
    public static void KeepState(float* preActivations, float* state, long count)
    {
        if (!TActivation.CarriesState)
            return;
        for (var i = 0L; i < count; i += TLanes.Count)
            TLanes.Store(TActivation.State<TLanes, TVector>(TLanes.Load(preActivations + i)), state + i);
    }

    /// <summary>
    /// z moves by k u, if the step is applied, all changes being within <see cref="IActivationLanes.LargestChange"/>: see
    /// <see cref="IActivationLanes.Step"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Move(float* preActivation, float* state, TVector k, TVector u, bool applied, out TVector value)
    {
        var z = TLanes.Load(preActivation);
        var q = TActivation.CarriesState ? TLanes.Load(state) : z;
        var difference = TActivation.Step<TLanes, TVector>(ref z, ref q, k, u, out value);
        Store(z, q, preActivation, state, applied);
        return difference;
    }

    /// <summary>The same for changes of any size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector MoveFar(float* preActivation, float* state, TVector k, TVector u, bool applied, out TVector value)
    {
        var z = TLanes.Load(preActivation);
        var q = TActivation.CarriesState ? TLanes.Load(state) : z;
        var (nearZ, nearQ) = (z, q);
        var near = TActivation.Step<TLanes, TVector>(ref nearZ, ref nearQ, k, u, out value);
        var far = TActivation.LargeStep<TLanes, TVector>(ref z, ref q, k, u, out _);
        // Each lane by its own change, so that no probe's result depends on its neighbours.
        var isFar = TLanes.Subtract(TLanes.All(TActivation.LargestChange), TLanes.Magnitude(TLanes.Multiply(k, u)));
        Store(TLanes.WhereNegative(isFar, z, nearZ), TLanes.WhereNegative(isFar, q, nearQ), preActivation, state, applied);
        return TLanes.WhereNegative(isFar, far, near);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector z, TVector q, float* preActivation, float* state, bool applied)
    {
        if (!applied)
            return;
        TLanes.Store(z, preActivation);
        if (TActivation.CarriesState)
            TLanes.Store(q, state);
    }
}

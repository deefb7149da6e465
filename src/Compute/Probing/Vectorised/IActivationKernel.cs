namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>A kernel that is made for one vector width and one activation.</summary>
/// <typeparam name="TSelf">What such kernels have in common.</typeparam>
internal interface IActivationKernel<out TSelf>
{
    /// <summary>The kernel for some vectors and an activation.</summary>
    static abstract TSelf Create<TLanes, TVector, TActivation>()
        where TLanes : ILanes<TVector>
        where TVector : struct
        where TActivation : IActivationLanes;
}

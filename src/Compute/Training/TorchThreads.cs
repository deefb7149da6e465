using TorchSharp;

namespace ElasticityStream.Compute.Training;

/// <summary>How many threads torch uses for an operation: a setting of the calling thread.</summary>
public static class TorchThreads
{
    /// <summary>
    /// Makes the calling thread compute alone. The trainer and the evaluators run beside each other; threads of torch's own would
    /// take their cores, and sums would depend on how many there are.
    /// </summary>
    public static void UseOne() => torch.set_num_threads(1);
}

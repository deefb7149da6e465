using TorchSharp;

namespace ElasticityStream.Host.Commands;

/// <summary>The devices of this machine that torch can compute on.</summary>
internal static class TorchDevices
{
    /// <summary>CUDA where there is a device, otherwise the CPU.</summary>
    public const string Auto = "auto";

    /// <summary>The CPU.</summary>
    public const string Cpu = "cpu";

    /// <summary>The first CUDA device.</summary>
    public const string Cuda = "cuda";

    /// <summary>The device asked for; null if there is none. On CUDA the 10-bit products of TF32 are switched off.</summary>
    public static torch.Device? Find(string choice)
    {
        if (choice == Cpu || !torch.cuda.is_available())
            return choice == Cuda ? null : torch.CPU;
        torch.backends.cuda.matmul.allow_tf32 = false;
        torch.backends.cudnn.allow_tf32 = false;
        return torch.CUDA;
    }
}

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ElasticityStream.Host.RunFiles;

/// <summary>The machine that a run ran on.</summary>
/// <param name="Name">Its name.</param>
/// <param name="OperatingSystem">As the runtime describes it.</param>
/// <param name="Architecture">Of the process, as in "X64".</param>
/// <param name="ProcessorCount">How many processors the process may use.</param>
/// <param name="VectorBits">The widest vectors that the runtime uses: 512, 256, 128 or 0.</param>
public sealed record MachineDescription(
    string Name, string OperatingSystem, string Architecture, int ProcessorCount, int VectorBits)
{
    /// <summary>Describes the machine that this process runs on.</summary>
    public static MachineDescription Current() => new(
        Environment.MachineName,
        RuntimeInformation.OSDescription,
        RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0);
}

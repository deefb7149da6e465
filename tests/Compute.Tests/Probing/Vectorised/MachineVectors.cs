using ElasticityStream.Compute.Probing.Vectorised;

namespace ElasticityStream.Compute.Tests.Probing.Vectorised;

/// <summary>Every vector width that kernels are written for, of which a machine has some.</summary>
internal static class MachineVectors
{
    /// <summary>Numbers, since test data cannot name an internal type.</summary>
    public static IEnumerable<int> Bits => Enum.GetValues<VectorWidth>().Select(w => (int)w);

    /// <summary>The width of <paramref name="bits"/>; where the machine has none, the test is skipped and says so.</summary>
    public static VectorWidth Width(int bits)
    {
        Assert.SkipUnless(VectorKernels.SupportedWidths.Contains((VectorWidth)bits), $"NOT TESTED: this machine has no vectors of {bits} bits.");
        return (VectorWidth)bits;
    }
}

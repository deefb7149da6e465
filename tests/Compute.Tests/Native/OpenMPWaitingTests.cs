using System.Runtime.InteropServices;
using ElasticityStream.Compute.Native;
using TorchSharp;

namespace ElasticityStream.Compute.Tests.Native;

public sealed class OpenMPWaitingTests
{
    private delegate nint GetEnvironment([MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [Theory]
    [InlineData(null, null, "3000")]
    [InlineData("5", null, null)]
    [InlineData(null, "active", null)]
    [InlineData("5", "passive", null)]
    public void Spin_count_is_chosen_when_the_user_has_not(string? spinCount, string? policy, string? expected)
    {
        var chosen = OpenMPWaiting.Choose(name => name == "GOMP_SPINCOUNT" ? spinCount : name == "OMP_WAIT_POLICY" ? policy : null);

        Assert.Equal(expected, chosen);
    }

    [Fact]
    public void Spin_count_reaches_the_environment_of_the_c_library()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "NOT TESTED: libgomp is there on Linux only.");
        using var ones = torch.ones(1);
        var getenv = Marshal.GetDelegateForFunctionPointer<GetEnvironment>(NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "getenv"));

        var expected = OpenMPWaiting.Choose(Environment.GetEnvironmentVariable) ?? Environment.GetEnvironmentVariable("GOMP_SPINCOUNT");
        Assert.Equal(expected, Marshal.PtrToStringUTF8(getenv("GOMP_SPINCOUNT")));
    }
}

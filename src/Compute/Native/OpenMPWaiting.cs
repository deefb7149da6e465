using System.Runtime.InteropServices;

namespace ElasticityStream.Compute.Native;

/// <summary>
/// Shortens the time for which the worker threads of libtorch's OpenMP spin after an operation: they take cores from the
/// evaluators, which are threads of their own.
/// </summary>
internal static partial class OpenMPWaiting
{
    public const string SpinCount = "GOMP_SPINCOUNT";

    /// <summary>The number of spins that libgomp shall do, or null if the user has chosen how it waits.</summary>
    /// <param name="environment">Looks up an environment variable.</param>
    public static string? Choose(Func<string, string?> environment) =>
        environment(SpinCount) is null && environment("OMP_WAIT_POLICY") is null ? "3000" : null;

    /// <summary>
    /// Sets it for this process. libgomp reads the C library's environment when it loads, which
    /// <see cref="Environment.SetEnvironmentVariable(string, string?)"/> does not reach.
    /// </summary>
    public static void Apply()
    {
        if (!OperatingSystem.IsLinux() || Choose(Environment.GetEnvironmentVariable) is not { } count)
            return;
        try
        {
            _ = SetEnvironment(SpinCount, count, overwrite: 0);
        }
        catch (DllNotFoundException)
        {
            // No glibc, so no libgomp either that could read it.
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}

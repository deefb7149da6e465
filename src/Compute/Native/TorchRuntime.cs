using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace ElasticityStream.Compute.Native;

/// <summary>
/// Makes libtorch load, also on Linux systems whose libstdc++ is older than the one TorchSharp was built with
/// (docs/adr/0001-torchsharp-on-older-libstdcxx.md). Whoever uses anything of this assembly needs to do nothing for it.
/// </summary>
public static class TorchRuntime
{
    private const string LibraryName = "LibTorchSharp";

    // Guards the rescue alone, which calls nothing of TorchSharp: one that waited for a static constructor of TorchSharp,
    // while that one waits for the library on another thread, would wait for ever.
    private static readonly Lock Gate = new();
    private static LoadedTorchLibrary? _rescued;
    private static volatile bool _loaded;

    /// <summary>Which torch this process uses. Loads it.</summary>
    /// <exception cref="DllNotFoundException">As <see cref="EnsureLoaded"/>.</exception>
    public static TorchRuntimeDescription Description
    {
        get
        {
            EnsureLoaded();
            var torchSharp = typeof(torch).Assembly.GetName().Version;
            return new TorchRuntimeDescription(torch.__version__, torchSharp?.ToString(3) ?? "unknown", _rescued?.PatchedCopy);
        }
    }

    /// <summary>How many tensors are alive in the process, on any thread.</summary>
    public static long LiveTensors => torch.Tensor.TotalCount;

    /// <summary>
    /// Loads libtorch now (about 0.2 s), rather than at the first use of a tensor. Safe to call from any thread, any number of times.
    /// </summary>
    /// <remarks>Call it where a study starts: TorchSharp's own message on a failure is about package references and helps nobody here.</remarks>
    /// <exception cref="DllNotFoundException">It cannot be loaded; the message says what was tried and what would help.</exception>
    public static void EnsureLoaded()
    {
        if (_loaded)
            return;

        // Each step may be repeated by another thread at the same time.
        if (OperatingSystem.IsLinux())
            NativeLibrary.Load(LibraryName, typeof(torch).Assembly, searchPath: null);
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (NotSupportedException unavailable)
        {
            throw new DllNotFoundException($"libtorch cannot be loaded on {RuntimeInformation.RuntimeIdentifier}. {unavailable.Message}", unavailable);
        }

        _loaded = true;
    }

    /// <summary>
    /// Costs next to nothing: the event is raised only when the runtime has looked everywhere and could not load the library,
    /// so that a system without the problem never gets here.
    /// </summary>
    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "Tensors may be made by whoever comes first.")]
    internal static void Prepare()
    {
        OpenMPWaiting.Apply();
        if (OperatingSystem.IsLinux())
            AssemblyLoadContext.GetLoadContext(typeof(torch).Assembly)!.ResolvingUnmanagedDll += Rescue;
    }

    private static nint Rescue(Assembly assembly, string name)
    {
        if (name != LibraryName)
            return 0;
        lock (Gate)
        {
            _rescued ??= new TorchLibrary(new SystemLoader(), Folders(), PatchedLibraryFile.UserCache(Environment.GetEnvironmentVariable)).Load();
            return _rescued.Handle;
        }
    }

    /// <summary>Where the runtime itself looks: the folders of the program's deps.json, then the program's own.</summary>
    private static string[] Folders() =>
    [
        .. ((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"))
            .Distinct(),
    ];
}

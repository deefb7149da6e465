using System.Runtime.CompilerServices;
using ElasticityStream.Compute.Native;

namespace ElasticityStream.Compute.Tests.Native;

/// <summary>Lets a test call torch before it calls anything of Compute, whatever the order in which tests run.</summary>
internal static class TorchPreparation
{
    [ModuleInitializer]
    internal static void Prepare() => RuntimeHelpers.RunModuleConstructor(typeof(TorchRuntime).Module.ModuleHandle);
}

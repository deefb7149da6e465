namespace ElasticityStream.Host.RunFiles;

/// <summary>The versions of what a run ran with.</summary>
/// <param name="ElasticityStream">This program.</param>
/// <param name="DotNet">The .NET runtime.</param>
/// <param name="TorchSharp">TorchSharp and the libtorch beneath it.</param>
/// <param name="Akka">Akka.NET.</param>
public sealed record SoftwareVersions(string ElasticityStream, string DotNet, string TorchSharp, string Akka)
{
    /// <summary>The version of this program.</summary>
    internal static string OfThisProgram => Version(typeof(SoftwareVersions));

    /// <summary>The versions loaded in this process.</summary>
    /// <param name="torchSharp">TorchSharp's and libtorch's, as Compute states them.</param>
    public static SoftwareVersions Current(string torchSharp) => new(
        OfThisProgram, Environment.Version.ToString(), torchSharp, Version(typeof(Akka.Actor.ActorSystem)));

    private static string Version(Type type)
    {
        var informational = type.Assembly
            .GetCustomAttributes(typeof(System.Reflection.AssemblyInformationalVersionAttribute), inherit: false)
            .OfType<System.Reflection.AssemblyInformationalVersionAttribute>()
            .FirstOrDefault()?.InformationalVersion;
        return informational ?? type.Assembly.GetName().Version?.ToString() ?? "unknown";
    }
}

namespace ElasticityStream.Compute.Tests.Native;

/// <summary>TorchSharp's own library for Linux, where the tests were built for Linux.</summary>
internal static class ShippedLibrary
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");

    public static byte[] Read()
    {
        Assert.SkipUnless(File.Exists(Path), "NOT TESTED: built for a system other than Linux.");
        return File.ReadAllBytes(Path);
    }
}

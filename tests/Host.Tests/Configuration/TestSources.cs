using ElasticityStream.Host.Configuration;
using ElasticityStream.Streams;

namespace ElasticityStream.Host.Tests.Configuration;

/// <summary>The sources that the tests of this folder read studies with.</summary>
internal static class TestSources
{
    /// <summary>Those of the program: for the ready studies and the generated files.</summary>
    public static KnownSources Known { get; } = KnownSources.Of(SampleSourceRegistry.BuiltIn.All);

    /// <summary>Made up here, so that the exact words of an error do not depend on the options of a real source.</summary>
    public static KnownSources Declared { get; } = KnownSources.Of(DeclaredSource.All);
}

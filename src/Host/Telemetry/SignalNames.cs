namespace ElasticityStream.Host.Telemetry;

/// <summary>The names of the signals, as the standard has them in its variables and paths.</summary>
internal static class SignalNames
{
    public static string Name(this Signal signal) => signal.ToString().ToLowerInvariant();
}

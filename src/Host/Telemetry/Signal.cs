namespace ElasticityStream.Host.Telemetry;

/// <summary>What telemetry consists of.</summary>
internal enum Signal
{
    Metrics,
    Traces,
    Logs,
}

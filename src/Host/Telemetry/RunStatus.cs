namespace ElasticityStream.Host.Telemetry;

/// <summary>What the health checks answer.</summary>
internal sealed record RunStatus(string Study, string Run, string State);

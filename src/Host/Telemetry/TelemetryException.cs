namespace ElasticityStream.Host.Telemetry;

/// <summary>Telemetry cannot be set up as asked; the message is for the user.</summary>
internal sealed class TelemetryException(string message, Exception? inner = null) : Exception(message, inner);

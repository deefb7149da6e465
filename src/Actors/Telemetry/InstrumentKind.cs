namespace ElasticityStream.Actors.Telemetry;

/// <summary>What an instrument measures, in the terms of OpenTelemetry.</summary>
public enum InstrumentKind
{
    /// <summary>A sum that only grows.</summary>
    Counter,

    /// <summary>The present value, read when it is asked for; a series ends when there is no value any more.</summary>
    Gauge,

    /// <summary>The distribution of many values.</summary>
    Histogram,
}

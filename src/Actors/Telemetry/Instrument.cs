namespace ElasticityStream.Actors.Telemetry;

/// <summary>One instrument of the meter.</summary>
/// <param name="Name">Dotted lower-case.</param>
/// <param name="Kind">Counter, gauge or histogram.</param>
/// <param name="Unit">In UCUM; null for a plain number.</param>
/// <param name="Description">What it measures.</param>
/// <param name="Tags">The keys of its tags, in their order.</param>
public sealed record Instrument(string Name, InstrumentKind Kind, string? Unit, string Description, params IReadOnlyList<string> Tags)
{
    /// <summary>The name of its series in Prometheus; those of a histogram end in _bucket, _sum and _count besides.</summary>
    public string PrometheusName => Name.Replace('.', '_') + UnitSuffix + (Kind == InstrumentKind.Counter ? "_total" : "");

    // What stands in braces is a remark and no unit.
    private string UnitSuffix => Unit switch
    {
        null or ['{', ..] => "",
        "s" => "_seconds",
        "By" => "_bytes",
        _ => throw new InvalidOperationException($"How Prometheus writes the unit {Unit} is not known."),
    };
}

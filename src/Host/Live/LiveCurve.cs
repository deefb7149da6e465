using ElasticityStream.Actors.Telemetry;

namespace ElasticityStream.Host.Live;

/// <summary>Curves of a chart: one for every set of tags of an instrument.</summary>
/// <param name="Instrument">The instrument's name.</param>
/// <param name="Label">How its curves are named, before their tags.</param>
/// <param name="Reading">"value"; "rate", per second, of a counter; "mean" of a histogram's measurements.</param>
/// <param name="By">The tags by which curves are told apart; over the others is summed.</param>
/// <param name="Stroke">"solid", "dashed" or "dotted".</param>
internal sealed record LiveCurve(string Instrument, string Label, string Reading, IReadOnlyList<string> By, string Stroke = LiveCurve.Solid)
{
    public const string Solid = "solid";
    public const string Dashed = "dashed";
    public const string Dotted = "dotted";

    /// <summary>The values of a gauge.</summary>
    public static LiveCurve Value(Instrument instrument, string label, string stroke = Solid) =>
        new(instrument.Name, label, "value", instrument.Tags, stroke);

    /// <summary>The rate of a counter, per second.</summary>
    public static LiveCurve Rate(Instrument instrument, string label, params string[] by) => new(instrument.Name, label, "rate", by);

    /// <summary>The mean of what a histogram measured.</summary>
    public static LiveCurve Mean(Instrument instrument, string label) => new(instrument.Name, label, "mean", instrument.Tags);
}

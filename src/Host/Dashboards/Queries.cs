using ElasticityStream.Actors.Telemetry;

namespace ElasticityStream.Host.Dashboards;

/// <summary>The expressions that panels are made of.</summary>
internal static class Queries
{
    /// <summary>The series of an instrument of the chosen runs.</summary>
    public static string Of(Instrument instrument, string more = "") => Named(instrument.PrometheusName, more);

    /// <summary>How fast a counter grows, per second.</summary>
    public static string Rate(Instrument counter, string by, string more = "") => $"sum by ({by}) (rate({Of(counter, more)}[$__rate_interval]))";

    /// <summary>How much a counter grew over the time that is shown.</summary>
    public static string Increase(Instrument counter, string by) => $"sum by ({by}) (increase({Of(counter)}[$__range]))";

    /// <summary>A quantile of a histogram.</summary>
    public static string Quantile(double quantile, Instrument histogram, string by) => FormattableString.Invariant(
        $"histogram_quantile({quantile}, sum by ({by}, le) (rate({Named(histogram.PrometheusName + "_bucket", "")}[$__rate_interval])))");

    /// <summary>A quantile of all that a histogram has measured since the run began: of what is rare, most spans of time have nothing.</summary>
    public static string QuantileOfAll(double quantile, Instrument histogram, string by) => FormattableString.Invariant(
        $"histogram_quantile({quantile}, sum by ({by}, le) ({Named(histogram.PrometheusName + "_bucket", "")}))");

    private static string Named(string name, string more) => $"{name}{{{Dashboard.Chosen}{(more.Length > 0 ? "," : "")}{more}}}";
}

using ElasticityStream.Actors.Telemetry;
using OpenTelemetry.Metrics;

namespace ElasticityStream.Host.Telemetry;

/// <summary>
/// The buckets of every histogram: 1, 2.5 and 5 times each power of ten from a microsecond to ten seconds. Explicit ones, because the Prometheus
/// exporter leaves exponential ones out.
/// </summary>
internal static class DurationBuckets
{
    private static readonly double[] Bounds =
        [.. Enumerable.Range(-6, 7).SelectMany(power => new[] { 1, 2.5, 5 }.Select(factor => Math.Round(factor * Math.Pow(10, power), 7))), 10];

    public static MeterProviderBuilder AddDurationBuckets(this MeterProviderBuilder builder)
    {
        foreach (var histogram in Instruments.All.Where(i => i is { Kind: InstrumentKind.Histogram, Unit: "s" }))
            builder.AddView(histogram.Name, new ExplicitBucketHistogramConfiguration { Boundaries = Bounds });
        return builder;
    }
}

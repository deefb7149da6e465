using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.Telemetry;
using OpenTelemetry.Exporter;

namespace ElasticityStream.Host.Tests.Telemetry;

public sealed class OtlpTargetTests
{
    private static readonly OtlpSection Nothing = new();

    [Fact]
    public void Nothing_is_sent_unless_somebody_asks_for_it() => Assert.All(Enum.GetValues<Signal>(), s => Assert.Null(Of(s, Nothing)));

    [Theory]
    [InlineData("grpc", "http://c:4317/", OtlpExportProtocol.Grpc)]
    [InlineData("http/protobuf", "http://c:4317/v1/traces", OtlpExportProtocol.HttpProtobuf)]
    public void Variable_for_all_signals_gets_the_path_of_the_signal(string protocol, string endpoint, OtlpExportProtocol expected)
    {
        var target = Of(Signal.Traces, Nothing, ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4317"), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol))!;
        Assert.Equal((endpoint, expected), (target.Endpoint.AbsoluteUri, target.Protocol));
    }

    [Fact]
    public void Variable_of_a_signal_wins_over_that_of_all_and_is_taken_as_it_is()
    {
        (string, string)[] environment =
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://all:4318"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_EXPORTER_OTLP_HEADERS", "a=1"),
            ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "https://own/path"), ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "b=2"), ("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "123"),
        ];
        var metrics = Of(Signal.Metrics, Nothing, environment)!;
        Assert.Equal(
            ("https://own/path", OtlpExportProtocol.HttpProtobuf, "b=2", 123),
            (metrics.Endpoint.AbsoluteUri, metrics.Protocol, metrics.Headers, metrics.TimeoutMilliseconds));
        var logs = Of(Signal.Logs, Nothing, environment)!;
        Assert.Equal(("http://all:4318/", OtlpExportProtocol.Grpc, "a=1"), (logs.Endpoint.AbsoluteUri, logs.Protocol, logs.Headers));
    }

    [Fact]
    public void Study_wins_over_the_environment()
    {
        var section = new OtlpSection { Endpoint = "http://study:4318/", Protocol = OtlpProtocol.HttpProtobuf };
        var target = Of(Signal.Logs, section, ("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://own"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"))!;
        Assert.Equal(("http://study:4318/v1/logs", OtlpExportProtocol.HttpProtobuf), (target.Endpoint.AbsoluteUri, target.Protocol));
    }

    [Theory]
    [InlineData("OTEL_TRACES_EXPORTER", "none")]
    [InlineData("OTEL_SDK_DISABLED", "true")]
    public void Signal_can_be_switched_off(string variable, string value) =>
        Assert.Null(Of(Signal.Traces, new OtlpSection { Endpoint = "http://study" }, (variable, value)));

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "c:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "/v1/traces")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "HTTP")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "soon")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "-1")]
    [InlineData("OTEL_METRIC_EXPORT_INTERVAL", "5s")]
    public void Value_that_means_nothing_is_named(string variable, string value)
    {
        (string, string)[] environment = variable.EndsWith("ENDPOINT", StringComparison.Ordinal)
            ? [(variable, value)]
            : [(variable, value), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c")];
        var failure = Assert.Throws<TelemetryException>(() => OtlpTargets.Of(Nothing, name => environment.FirstOrDefault(e => e.Item1 == name).Item2));
        Assert.Contains(variable, failure.Message, StringComparison.Ordinal);
        Assert.EndsWith($"found {value}.", failure.Message, StringComparison.Ordinal);
    }

    private static OtlpExporterOptions? Of(Signal signal, OtlpSection section, params (string Name, string Value)[] environment) =>
        OtlpTarget.Of(signal, section, name => environment.FirstOrDefault(e => e.Name == name).Value);
}

using System.Diagnostics.CodeAnalysis;
using ElasticityStream.Host.Configuration;
using OpenTelemetry.Exporter;

namespace ElasticityStream.Host.Telemetry;

/// <summary>
/// Where one signal is sent by OTLP: what the study states, otherwise what the standard environment variables state, those of the signal before
/// those of all signals.
/// </summary>
internal static class OtlpTarget
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";

    /// <summary>How to send a signal; null where nobody asked for it.</summary>
    /// <param name="signal">Which one.</param>
    /// <param name="section">What the study states.</param>
    /// <param name="environment">Gives the value of an environment variable.</param>
    /// <exception cref="TelemetryException">A variable has a value that means nothing.</exception>
    public static OtlpExporterOptions? Of(Signal signal, OtlpSection section, Func<string, string?> environment)
    {
        var name = signal.Name().ToUpperInvariant();
        var own = Variable($"{Prefix}{name}_ENDPOINT");
        var common = Variable($"{Prefix}ENDPOINT");
        if (string.Equals(Variable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)
            || Variable($"OTEL_{name}_EXPORTER") == "none"
            || (section.Endpoint ?? own ?? common) is null)
            return null;

        var options = new OtlpExporterOptions { Protocol = section.Protocol is { } protocol ? Of(protocol) : Stated("PROTOCOL", Protocol, OtlpExportProtocol.Grpc) };
        // The path of the signal belongs to an endpoint that is stated for all of them.
        options.Endpoint = section.Endpoint is null && own is not null
            ? Endpoint(own, $"{Prefix}{name}_ENDPOINT")
            : WithPath(Endpoint(section.Endpoint ?? common!, section.Endpoint is null ? $"{Prefix}ENDPOINT" : "telemetry.otlp.endpoint"));
        options.Headers = Stated<string?>("HEADERS", (text, _) => text, null);
        options.TimeoutMilliseconds = Stated("TIMEOUT", Milliseconds, options.TimeoutMilliseconds);
        return options;

        string? Variable(string variable) => environment(variable) is { Length: > 0 } value ? value : null;

        // What the variable of the signal says, or that of all signals.
        T Stated<T>(string variable, Func<string, string, T> read, T otherwise)
        {
            foreach (var place in new[] { $"{Prefix}{name}_{variable}", $"{Prefix}{variable}" })
            {
                if (Variable(place) is { } text)
                    return read(text, place);
            }

            return otherwise;
        }

        Uri WithPath(Uri endpoint) => options.Protocol == OtlpExportProtocol.Grpc
            ? endpoint
            : new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/v1/{signal.Name()}");
    }

    /// <summary>Whether a text is the address of a receiver.</summary>
    public static bool IsEndpoint(string text, [NotNullWhen(true)] out Uri? endpoint) =>
        Uri.TryCreate(text, UriKind.Absolute, out endpoint) && endpoint.Scheme is "http" or "https";

    /// <summary>A number of milliseconds.</summary>
    /// <exception cref="TelemetryException">It is none.</exception>
    public static int Milliseconds(string text, string place) => int.TryParse(text, out var value) && value > 0
        ? value
        : throw new TelemetryException($"{place}: expected a number of milliseconds, found {text}.");

    private static OtlpExportProtocol Of(OtlpProtocol protocol) =>
        protocol == OtlpProtocol.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;

    private static OtlpExportProtocol Protocol(string text, string place) => text switch
    {
        "grpc" => OtlpExportProtocol.Grpc,
        "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
        _ => throw new TelemetryException($"{place}: expected grpc or http/protobuf, found {text}."),
    };

    private static Uri Endpoint(string text, string place) => IsEndpoint(text, out var endpoint)
        ? endpoint
        : throw new TelemetryException($"{place}: expected an address that starts with http:// or https://, found {text}.");
}

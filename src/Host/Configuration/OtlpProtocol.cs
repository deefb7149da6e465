namespace ElasticityStream.Host.Configuration;

/// <summary>The encodings of OTLP.</summary>
public enum OtlpProtocol
{
    /// <summary>gRPC, by convention at port 4317.</summary>
    Grpc,

    /// <summary>Protobuf over HTTP, by convention at port 4318; the paths v1/metrics, v1/traces and v1/logs are appended to the endpoint.</summary>
    HttpProtobuf,
}

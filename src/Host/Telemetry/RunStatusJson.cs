using System.Text.Json.Serialization;

namespace ElasticityStream.Host.Telemetry;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RunStatus))]
internal sealed partial class RunStatusJson : JsonSerializerContext;

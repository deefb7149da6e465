using System.Text.Json.Serialization;

namespace ElasticityStream.Host.Status;

/// <summary>What <c>--json</c> prints (docs/operations.md); names in camel case, which stay as they are.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(RunStanding))]
[JsonSerializable(typeof(IReadOnlyList<RunEntry>))]
internal sealed partial class StatusJson : JsonSerializerContext;

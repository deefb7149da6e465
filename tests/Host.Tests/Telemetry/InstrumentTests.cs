using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Host.Tests.Configuration;

namespace ElasticityStream.Host.Tests.Telemetry;

public sealed class InstrumentTests
{
    [Fact]
    public void Documentation_has_a_row_for_every_instrument_and_no_other()
    {
        var rows = File.ReadLines(RepositoryFiles.At("docs/telemetry.md")).Where(l => l.StartsWith("| `elasticity.", StringComparison.Ordinal) || l.StartsWith("| `process.", StringComparison.Ordinal));
        Assert.Equal(Instruments.All.Select(Row), rows);
    }

    [Theory]
    [InlineData("elasticity.training.steps", "elasticity_training_steps_total")]
    [InlineData("elasticity.training.step.duration", "elasticity_training_step_duration_seconds")]
    [InlineData("elasticity.index", "elasticity_index")]
    [InlineData("process.memory.usage", "process_memory_usage_bytes")]
    public void Name_in_Prometheus_has_the_unit_and_the_kind(string name, string expected) =>
        Assert.Equal(expected, Instruments.All.Single(i => i.Name == name).PrometheusName);

    private static string Row(Instrument i) =>
        $"| `{i.Name}` | `{i.PrometheusName}` | {i.Kind.ToString().ToLowerInvariant()}{(i.Unit is null ? "" : $" {i.Unit}")} | {string.Join(", ", i.Tags)} | {i.Description} |";
}

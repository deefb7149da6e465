using System.Text.Json.Nodes;

namespace ElasticityStream.Host.Dashboards;

/// <summary>One query of a panel.</summary>
/// <param name="Expression">In PromQL, with the dashboard's variables.</param>
/// <param name="Legend">The name of each of its series, with their labels in double braces.</param>
internal sealed record PanelQuery(string Expression, string Legend)
{
    /// <summary>The query as Grafana reads it.</summary>
    public JsonObject ToJson(string refId, bool isInstant) => new()
    {
        ["refId"] = refId,
        ["expr"] = Expression,
        ["legendFormat"] = Legend,
        ["instant"] = isInstant,
        ["range"] = !isInstant,
        ["format"] = isInstant && Legend.Length == 0 ? "table" : "time_series",
        ["datasource"] = Panel.DataSource(),
    };
}

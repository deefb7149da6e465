using System.Text.Json.Nodes;

namespace ElasticityStream.Host.Dashboards;

/// <summary>A variable by which a viewer chooses what a dashboard shows.</summary>
/// <param name="Name">Its name in queries.</param>
/// <param name="Label">Its name for the viewer.</param>
/// <param name="Query">Where its values come from, as in <c>label_values(series, label)</c>.</param>
/// <param name="ShowsAll">Whether all values are chosen at first, instead of one.</param>
internal sealed record DashboardVariable(string Name, string Label, string Query, bool ShowsAll)
{
    private const int OnTimeRangeChange = 2;
    private const int Descending = 2;

    /// <summary>The variable that names the Prometheus to ask.</summary>
    public static JsonObject DataSource() => new()
    {
        ["name"] = "datasource",
        ["label"] = "Data source",
        ["type"] = "datasource",
        ["query"] = "prometheus",
        ["refresh"] = 1,
    };

    /// <summary>The variable as Grafana reads it; the newest run has the highest id and comes first.</summary>
    public JsonObject ToJson()
    {
        var variable = new JsonObject
        {
            ["name"] = Name,
            ["label"] = Label,
            ["type"] = "query",
            ["datasource"] = Panel.DataSource(),
            ["query"] = Query,
            ["refresh"] = OnTimeRangeChange,
            ["sort"] = Descending,
            ["multi"] = true,
            ["includeAll"] = true,
            ["allValue"] = ".*",
        };
        if (ShowsAll)
            variable["current"] = new JsonObject { ["text"] = "All", ["value"] = "$__all" };
        return variable;
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using ElasticityStream.Actors.Telemetry;

namespace ElasticityStream.Host.Dashboards;

/// <summary>A Grafana dashboard.</summary>
/// <param name="Uid">Fixed for ever: links and bookmarks hold it.</param>
/// <param name="Title">Its name.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Variables">What the viewer can choose, beside the data source.</param>
/// <param name="Panels">From left to right and from top to bottom.</param>
internal sealed record Dashboard(
    string Uid, string Title, string Description, IReadOnlyList<DashboardVariable> Variables, params IReadOnlyList<Panel> Panels)
{
    private const int Columns = 24;
    private const int SchemaVersion = 39;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>All dashboards.</summary>
    public static IReadOnlyList<Dashboard> All { get; } = [StudyDashboard.Create(), CompareRunsDashboard.Create(), PipelineDashboard.Create()];

    /// <summary>The runs that the viewer has chosen, as a selector of series.</summary>
    public const string Chosen = "study_name=~\"$study\",service_instance_id=~\"$run\"";

    /// <summary>The variables that every dashboard has.</summary>
    public static IReadOnlyList<DashboardVariable> RunVariables(bool all) =>
    [
        new("study", "Study", $"label_values({Instruments.StudyState.PrometheusName}, study_name)", ShowsAll: true),
        new("run", "Run", $"label_values({Instruments.StudyState.PrometheusName}{{study_name=~\"$study\"}}, service_instance_id)", all),
    ];

    /// <summary>A dashboard file of Grafana's provisioning.</summary>
    public string ToJson()
    {
        var panels = new JsonArray();
        var (x, y, rows) = (0, 0, 0);
        foreach (var (index, panel) in Panels.Index())
        {
            if (x + panel.Width > Columns)
                (x, y, rows) = (0, y + rows, 0);
            panels.Add(panel.ToJson(index + 1, x, y));
            (x, rows) = (x + panel.Width, Math.Max(rows, panel.Rows));
        }

        return new JsonObject
        {
            ["uid"] = Uid,
            ["title"] = Title,
            ["description"] = Description,
            ["tags"] = new JsonArray("elasticity"),
            ["schemaVersion"] = SchemaVersion,
            ["editable"] = true,
            ["graphTooltip"] = 1,
            ["refresh"] = "10s",
            ["timezone"] = "browser",
            ["time"] = new JsonObject { ["from"] = "now-1h", ["to"] = "now" },
            ["templating"] = new JsonObject { ["list"] = new JsonArray([DashboardVariable.DataSource(), .. Variables.Select(v => v.ToJson())]) },
            ["panels"] = panels,
        }.ToJsonString(Indented) + "\n";
    }
}

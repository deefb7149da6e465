using System.Text.Json.Nodes;

namespace ElasticityStream.Host.Dashboards;

/// <summary>One panel of a dashboard.</summary>
/// <param name="Kind">Which visualisation, in Grafana's name.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Description">How to read it.</param>
/// <param name="Unit">Grafana's name of the unit.</param>
/// <param name="Width">Of 24 columns.</param>
/// <param name="Queries">Where its values come from.</param>
internal sealed record Panel(string Kind, string Title, string Description, string Unit, int Width, params IReadOnlyList<PanelQuery> Queries)
{
    private const int Height = 8;
    private const int StatHeight = 4;

    /// <summary>The lowest value of the axis; null to let Grafana choose.</summary>
    public double? Minimum { get; init; }

    /// <summary>The highest value of the axis; null to let Grafana choose.</summary>
    public double? Maximum { get; init; }

    /// <summary>What the panel does with its values before it shows them; null for nothing.</summary>
    public JsonArray? Transformations { get; init; }

    /// <summary>How many rows it takes.</summary>
    public int Rows => Kind == "stat" ? StatHeight : Height;

    /// <summary>The panel as Grafana reads it.</summary>
    public JsonObject ToJson(int id, int x, int y)
    {
        var panel = new JsonObject
        {
            ["id"] = id,
            ["type"] = Kind,
            ["title"] = Title,
            ["description"] = Description,
            ["datasource"] = DataSource(),
            ["gridPos"] = new JsonObject { ["h"] = Rows, ["w"] = Width, ["x"] = x, ["y"] = y },
            ["fieldConfig"] = new JsonObject { ["defaults"] = Defaults(), ["overrides"] = new JsonArray() },
            ["options"] = Options(),
            ["targets"] = new JsonArray([.. Queries.Select((q, i) => (JsonNode)q.ToJson(((char)('A' + i)).ToString(), Kind is "stat" or "table"))]),
        };
        if (Transformations is not null)
            panel["transformations"] = Transformations.DeepClone();
        return panel;
    }

    /// <summary>Prometheus, whichever the dashboard's variable names.</summary>
    public static JsonObject DataSource() => new() { ["type"] = "prometheus", ["uid"] = "${datasource}" };

    private JsonObject Defaults()
    {
        var defaults = new JsonObject { ["unit"] = Unit, ["custom"] = Custom() };
        if (Minimum is { } minimum)
            defaults["min"] = minimum;
        if (Maximum is { } maximum)
            defaults["max"] = maximum;
        if (Kind == "table")
            defaults["color"] = new JsonObject { ["mode"] = "continuous-blues" };
        return defaults;
    }

    private JsonObject Custom() => Kind switch
    {
        "timeseries" => new JsonObject { ["lineWidth"] = 2, ["fillOpacity"] = 0, ["showPoints"] = "never", ["spanNulls"] = false },
        "table" => new JsonObject { ["cellOptions"] = new JsonObject { ["type"] = "color-background", ["mode"] = "basic" } },
        _ => [],
    };

    private JsonObject Options() => Kind switch
    {
        "timeseries" => new JsonObject
        {
            ["legend"] = new JsonObject { ["showLegend"] = true, ["displayMode"] = "table", ["placement"] = "bottom", ["calcs"] = new JsonArray("lastNotNull") },
            ["tooltip"] = new JsonObject { ["mode"] = "multi", ["sort"] = "desc" },
        },
        "stat" => new JsonObject
        {
            ["reduceOptions"] = new JsonObject { ["calcs"] = new JsonArray("lastNotNull"), ["fields"] = "", ["values"] = false },
            ["textMode"] = "value_and_name",
            ["colorMode"] = "none",
            ["graphMode"] = "none",
        },
        "table" => new JsonObject { ["showHeader"] = true },
        _ => throw new InvalidOperationException($"How a panel of type {Kind} is drawn is not known."),
    };
}

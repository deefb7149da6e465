using System.CommandLine;

namespace ElasticityStream.Host.Commands;

/// <summary>The command line: <c>elasticity run | resume | status | list | sweep | validate | sources | schema | dashboards</c>.</summary>
internal static class RootCommands
{
    public static RootCommand Create() => new("Measures the local elasticity of neural networks while they learn (He & Su, ICLR 2020).")
    {
        RunCommand.Create(),
        ResumeCommand.Create(),
        StatusCommand.Create(),
        ListCommand.Create(),
        SweepCommand.Create(),
        ValidateCommand.Create(),
        SourcesCommand.Create(),
        SchemaCommand.Create(),
        DashboardsCommand.Create(),
    };
}

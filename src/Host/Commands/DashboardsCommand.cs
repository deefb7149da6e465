using System.CommandLine;
using ElasticityStream.Host.Dashboards;
using ElasticityStream.Host.RunFiles;

namespace ElasticityStream.Host.Commands;

/// <summary><c>elasticity dashboards</c>: writes the Grafana dashboards, which name their metrics by the list of instruments.</summary>
internal static class DashboardsCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "Where to; telemetry/grafana/dashboards in the repository." };
        var command = new Command("dashboards", "Writes the Grafana dashboards.") { folder };
        command.SetAction(arguments =>
        {
            var given = arguments.GetRequiredValue(folder);
            try
            {
                var target = Directory.CreateDirectory(given).FullName;
                foreach (var dashboard in Dashboard.All)
                {
                    var file = Path.Combine(target, $"{dashboard.Uid}.json");
                    AtomicFile.Write(file, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(dashboard.ToJson())));
                    arguments.InvocationConfiguration.Output.WriteLine(file);
                }

                return ExitCode.Done;
            }
            catch (Exception e) when (e is RunDirectoryException || RunDirectoryException.IsFileFailure(e))
            {
                arguments.InvocationConfiguration.Error.WriteLine($"The dashboards cannot be written to '{given}': {e.Message}");
                return ExitCode.Failed;
            }
        });
        return command;
    }
}

using System.CommandLine;
using System.Text.Json;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.Status;
using ElasticityStream.Host.Studies;

namespace ElasticityStream.Host.Commands;

/// <summary><c>elasticity status</c>: where a run stands. Nothing is written, and nothing is computed.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("run") { Description = "The folder of a run, as in runs/quickstart/20260301-093005-a1b2c3." };
        var output = new StatusOutput();
        var command = new Command("status", "Says where a run stands, also while it runs.") { folder };
        output.AddTo(command);
        command.SetAction(arguments =>
        {
            var given = arguments.GetRequiredValue(folder);
            try
            {
                var run = RunStandingReader.Read(SavedRun.Open(given).Directory, TimeProvider.System.GetUtcNow());
                output.Write(
                    arguments, JsonSerializer.Serialize(run, StatusJson.Default.RunStanding),
                    (writer, isTerminal, width) => StandingText.Write(run, StudyReport.Shown(run.Folder), writer, isTerminal, width));
                return ExitCode.Done;
            }
            catch (Exception e) when (e is SavedRunException or RunDirectoryException)
            {
                arguments.InvocationConfiguration.Error.WriteLine(e.Message);
                return ExitCode.BadConfiguration;
            }
        });
        return command;
    }
}

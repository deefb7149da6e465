using System.CommandLine;
using System.Text.Json;
using ElasticityStream.Host.Status;

namespace ElasticityStream.Host.Commands;

/// <summary><c>elasticity list</c>: all runs under a folder, the newest first.</summary>
internal static class ListCommand
{
    private const string Runs = "runs";

    public static Command Create()
    {
        var folder = new Argument<string>("folder")
        {
            Description = "Where to look, as given to --output.",
            DefaultValueFactory = _ => Runs,
        };
        var output = new StatusOutput();
        var command = new Command("list", "Lists all runs under a folder, the newest first.") { folder };
        output.AddTo(command);
        command.SetAction(arguments =>
        {
            var given = arguments.GetRequiredValue(folder);
            if (!Directory.Exists(given))
            {
                arguments.InvocationConfiguration.Error.WriteLine($"There is no folder '{given}'. Name the folder that holds the runs.");
                return ExitCode.BadConfiguration;
            }

            var now = TimeProvider.System.GetUtcNow();
            IReadOnlyList<RunEntry> runs =
            [
                .. RunSearch.Find(given).Select(f => RunEntry.Read(f, now))
                    .OrderByDescending(r => r.StartedUtc ?? DateTimeOffset.MinValue).ThenByDescending(r => r.Folder, StringComparer.Ordinal),
            ];
            output.Write(arguments, JsonSerializer.Serialize(runs, StatusJson.Default.IReadOnlyListRunEntry), (writer, isTerminal, width) =>
            {
                if (runs.Count == 0)
                    writer.WriteLine($"There are no runs in {given}.");
                else
                    RunListText.Write(runs, Path.GetFullPath(given), writer, isTerminal, width);
            });
            return ExitCode.Done;
        });
        return command;
    }
}

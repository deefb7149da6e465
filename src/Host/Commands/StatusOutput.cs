using System.CommandLine;

namespace ElasticityStream.Host.Commands;

/// <summary>How <c>status</c> and <c>list</c> say what they found: for a reader, or as JSON for a program.</summary>
internal sealed class StatusOutput
{
    private readonly Option<bool> _json = new("--json") { Description = "Prints JSON (docs/operations.md)." };

    public void AddTo(Command command) => command.Options.Add(_json);

    /// <summary>Writes to standard output.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="json">The JSON.</param>
    /// <param name="write">Writes for a reader: told whether it is a terminal, and of which width.</param>
    public void Write(ParseResult arguments, string json, Action<TextWriter, bool, int> write)
    {
        var output = arguments.InvocationConfiguration.Output;
        if (arguments.GetValue(_json))
            output.Write($"{json}\n");
        else if (Console.IsOutputRedirected)
            write(output, false, 0);
        else
            write(output, true, Console.WindowWidth);
    }
}

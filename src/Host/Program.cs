using System.CommandLine;
using ElasticityStream.Host.Commands;

// Signals are the run command's own (Interruption): the parser's handler would end the process after two seconds.
var parsed = RootCommands.Create().Parse(args);
var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
return parsed.Errors.Count > 0 ? ExitCode.BadConfiguration : code;

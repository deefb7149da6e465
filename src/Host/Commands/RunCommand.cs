using System.CommandLine;
using Akka.Actor;
using Akka.Hosting;
using ElasticityStream.Actors;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Compute.Native;
using ElasticityStream.Host.Progress;
using ElasticityStream.Host.Results;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.Studies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ElasticityStream.Host.Commands;

/// <summary><c>elasticity run</c>: runs a study and prints what it found.</summary>
internal sealed class RunCommand
{
    private const int WidthWhereUnknown = 100;

    private readonly StudyArguments _study = new();
    private readonly Option<string?> _output = new("--output") { Description = "The folder for runs, instead of the study's output.directory.", HelpName = "DIR" };

    private readonly Option<string> _device = new Option<string>("--device")
    {
        Description = "Where to compute; auto is cuda where there is a device.",
        DefaultValueFactory = _ => TorchDevices.Auto,
    }.AcceptOnlyFromAmong(TorchDevices.Auto, TorchDevices.Cpu, TorchDevices.Cuda);

    public static Command Create()
    {
        var run = new RunCommand();
        var command = new Command("run", "Runs a study.");
        run._study.AddTo(command);
        command.Options.Add(run._output);
        command.Options.Add(run._device);
        command.SetAction((arguments, _) => run.RunAsync(arguments));
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments)
    {
        var error = arguments.InvocationConfiguration.Error;
        if (_study.Load(arguments, error) is not { } loaded)
            return ExitCode.BadConfiguration;
        var (study, source) = loaded;
        if (arguments.GetValue(_output) is { } output)
            study = study with { Output = study.Output with { Directory = output } };
        try
        {
            TorchRuntime.EnsureLoaded();
            if (TorchDevices.Find(arguments.GetRequiredValue(_device)) is not { } device)
            {
                error.WriteLine("--device cuda: no CUDA device was found, or this build holds torch for the CPU only (build with -p:TorchBackend=cuda).");
                return ExitCode.BadConfiguration;
            }

            var directory = RunDirectory.Create(study.Output.Directory, study.Name, TimeProvider.System, study.Contrast is not null);
            StudySummary summary;
            using (var progress = Progress(error))
            using (var interruption = new Interruption(error))
                summary = await RunAsync(new StudyRun(study, source, device, directory, progress), interruption.Token);
            Print(summary, arguments.InvocationConfiguration.Output);
            if (summary.Failure is null)
                return ExitCode.Done;
            error.WriteLine(summary.Failure);
            return ExitCode.Failed;
        }
        catch (Exception e) when (e is StudyFailedException or SampleSourceException or RunDirectoryException or DllNotFoundException)
        {
            error.WriteLine($"The study failed: {e.Message}");
            return ExitCode.Failed;
        }
    }

    private static async Task<StudySummary> RunAsync(StudyRun run, CancellationToken interrupted)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton<IHostLifetime, NoSignalsLifetime>();
        builder.Services.AddAkka("elasticity", akka => akka
            .WithElasticity()
            .ConfigureLoggers(l =>
            {
                l.ClearLoggers();
                l.LogLevel = Akka.Event.LogLevel.WarningLevel;
                l.AddLoggerFactory();
            }));
        using var host = builder.Build();
        await host.StartAsync(CancellationToken.None);
        try
        {
            return await run.RunAsync(host.Services.GetRequiredService<ActorSystem>(), interrupted);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    private static ProgressReporter Progress(TextWriter error) =>
        new(error, Console.IsErrorRedirected ? null : () => Console.WindowWidth, TimeProvider.System);

    private static void Print(StudySummary summary, TextWriter output) =>
        ResultsTable.Write(summary, output, !Console.IsOutputRedirected, Console.IsOutputRedirected ? WidthWhereUnknown : Console.WindowWidth);
}

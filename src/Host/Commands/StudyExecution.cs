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
using TorchSharp;

namespace ElasticityStream.Host.Commands;

/// <summary>What the commands have in common that run a study: where to compute and to write, the actor system, progress, and the closing table.</summary>
internal sealed class StudyExecution
{
    private const int WidthWhereUnknown = 100;

    private readonly Option<string?> _output;

    private readonly Option<string> _device = new Option<string>("--device")
    {
        Description = "Where to compute; auto is cuda where there is a device.",
        DefaultValueFactory = _ => TorchDevices.Auto,
    }.AcceptOnlyFromAmong(TorchDevices.Auto, TorchDevices.Cpu, TorchDevices.Cuda);

    /// <summary>Creates the options.</summary>
    /// <param name="outputDescription">What <c>--output</c> means to the command.</param>
    public StudyExecution(string outputDescription) =>
        _output = new Option<string?>("--output") { Description = outputDescription, HelpName = "DIR" };

    public void AddTo(Command command)
    {
        command.Options.Add(_output);
        command.Options.Add(_device);
    }

    /// <summary>The folder for runs, if one was given.</summary>
    public string? Output(ParseResult arguments) => arguments.GetValue(_output);

    /// <summary>Runs a study and prints what it found.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="create">Makes the run; what it throws is reported as the study's failure, or as bad usage if it is a <see cref="SavedRunException"/>.</param>
    public async Task<int> RunAsync(ParseResult arguments, Func<torch.Device, IProgress<ProgressSnapshot>, StudyRun> create)
    {
        var error = arguments.InvocationConfiguration.Error;
        try
        {
            TorchRuntime.EnsureLoaded();
            if (TorchDevices.Find(arguments.GetRequiredValue(_device)) is not { } device)
            {
                error.WriteLine("--device cuda: no CUDA device was found, or this build holds torch for the CPU only (build with -p:TorchBackend=cuda).");
                return ExitCode.BadConfiguration;
            }

            StudySummary summary;
            using (var progress = Progress(error))
            using (var interruption = new Interruption(error))
                summary = await RunAsync(create(device, progress), interruption.Token);
            Print(summary, arguments.InvocationConfiguration.Output);
            if (summary.Failure is null)
                return ExitCode.Done;
            error.WriteLine(summary.Failure);
            return ExitCode.Failed;
        }
        catch (SavedRunException e)
        {
            error.WriteLine(e.Message);
            error.WriteLine("Nothing was started.");
            return ExitCode.BadConfiguration;
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

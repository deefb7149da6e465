using System.CommandLine;
using System.CommandLine.Parsing;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Compute.Native;
using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.Live;
using ElasticityStream.Host.Progress;
using ElasticityStream.Host.Results;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.Studies;
using ElasticityStream.Host.Telemetry;
using Microsoft.Extensions.Hosting.Systemd;
using TorchSharp;

namespace ElasticityStream.Host.Commands;

/// <summary>What the commands have in common that run a study: where to compute, to write and to be watched, progress, and the closing table.</summary>
internal sealed class StudyExecution
{
    private const int WidthWhereUnknown = 100;

    private readonly Option<string?>? _output;

    private readonly Option<string> _device = new Option<string>("--device")
    {
        Description = "Where to compute; auto is cuda where there is a device.",
        DefaultValueFactory = _ => TorchDevices.Auto,
    }.AcceptOnlyFromAmong(TorchDevices.Auto, TorchDevices.Cpu, TorchDevices.Cuda);

    private readonly Option<int?> _port = new("--port")
    {
        Description = "The port to serve the live page and metrics at, instead of the study's telemetry.port; 0 is any that is free.",
        HelpName = "PORT",
        Validators = { CheckPort },
    };

    /// <summary>Creates the options.</summary>
    /// <param name="outputDescription">What <c>--output</c> means to the command; null where it has no such option.</param>
    public StudyExecution(string? outputDescription) =>
        _output = outputDescription is null ? null : new Option<string?>("--output") { Description = outputDescription, HelpName = "DIR" };

    public void AddTo(Command command)
    {
        if (_output is not null)
            command.Options.Add(_output);
        command.Options.Add(_device);
        command.Options.Add(_port);
    }

    /// <summary>The folder for runs, if one was given.</summary>
    public string? Output(ParseResult arguments) => _output is null ? null : arguments.GetValue(_output);

    /// <summary>Runs a study and prints what it found.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="telemetry">How the study says that it is watched.</param>
    /// <param name="create">Makes the run; what it throws is reported as the study's failure, or as bad usage if it is a <see cref="SavedRunException"/>.</param>
    public async Task<int> RunAsync(ParseResult arguments, TelemetrySection telemetry, Func<torch.Device, IProgress<ProgressSnapshot>, StudyRun> create)
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

            if (arguments.GetValue(_port) is { } port)
                telemetry = telemetry with { Port = port };
            var targets = OtlpTargets.Of(telemetry.Otlp, Environment.GetEnvironmentVariable);
            using var listener = telemetry.Serve ? TelemetryListener.Bind(telemetry) : null;
            listener?.Announce(error);
            StudySummary? summary;
            using (var progress = Progress(error))
            using (var service = new ServiceProgress(progress, new SystemdNotifier(), TimeProvider.System))
            using (var interruption = new Interruption(error))
            using (interruption.Token.Register(service.Ending))
            {
                var live = new LiveProgress(service);
                using var run = create(device, live);
                summary = await RunOrNothingAsync(() => RunHost.RunAsync(run, telemetry, targets, listener, live, interruption.Token), interruption.Token);
                if (summary is null)
                    error.WriteLine($"Interrupted before the first step. elasticity resume {run.Directory.Root} begins anew.");
            }

            if (summary is null)
                return ExitCode.Done;

            Print(summary, arguments.InvocationConfiguration.Output);
            if (summary.Failure is null)
                return ExitCode.Done;
            error.WriteLine(summary.Failure);
            return ExitCode.Failed;
        }
        catch (Exception e) when (e is SavedRunException or TelemetryException)
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

    /// <summary>Goes on with a run and prints what it found; says so where there is nothing left to go on with.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="study">The run's study.</param>
    /// <param name="source">Its source.</param>
    /// <param name="saved">The run.</param>
    public Task<int> ResumeAsync(ParseResult arguments, StudyConfiguration study, StudySource source, SavedRun saved) => RunAsync(
        arguments, study.Telemetry, (device, progress) => StudyRun.Resume(study, source, device, saved, progress, arguments.InvocationConfiguration.Error.WriteLine));

    /// <summary>Says that a run is complete, if it is.</summary>
    public static bool IsComplete(SavedRun saved, TextWriter error)
    {
        if (saved.Description.Outcome != RunOutcome.Completed)
            return false;
        var message = $"The run {saved.Directory.Id} is complete: it ended at {saved.Description.EndedUtc:u}. There is nothing to go on with.";
        error.WriteLine(message);
        ServiceProgress.NothingToDo(new SystemdNotifier(), message);
        return true;
    }

    private static async Task<StudySummary?> RunOrNothingAsync(Func<Task<StudySummary>> run, CancellationToken interrupted)
    {
        try
        {
            return await run();
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return null;
        }
    }

    private static void CheckPort(OptionResult option)
    {
        if (option.Tokens is [.., var token] && (!int.TryParse(token.Value, out var port) || port is < 0 or > 65535))
            option.AddError($"--port: expected a number from 0 to 65535, found {token.Value}.");
    }

    private static ProgressReporter Progress(TextWriter error) =>
        new(error, Console.IsErrorRedirected ? null : () => Console.WindowWidth, TimeProvider.System);

    private static void Print(StudySummary summary, TextWriter output) =>
        ResultsTable.Write(summary, output, !Console.IsOutputRedirected, Console.IsOutputRedirected ? WidthWhereUnknown : Console.WindowWidth);
}

using System.Runtime.InteropServices;

namespace ElasticityStream.Host.Commands;

/// <summary>SIGINT and SIGTERM: the first asks for an early end that keeps what was measured, the second ends the process at once.</summary>
internal sealed partial class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly TextWriter _error;
    private int _signals;

    public Interruption(TextWriter error)
    {
        _error = error;
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(s => PosixSignalRegistration.Create(s, Handle))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _signals) > 1)
            ExitAtOnce();
        _error.WriteLine();
        _error.WriteLine("Ending after the block under way, and writing what was measured. Once more ends at once.");
        _source.Cancel();
    }

    // Not Environment.Exit where it can be helped: it runs the destructors of torch under the threads that still compute, which crashed.
    private static void ExitAtOnce()
    {
        if (OperatingSystem.IsWindows())
            Environment.Exit(ExitCode.InterruptedTwice);
        else
            ExitWithoutDestructors(ExitCode.InterruptedTwice);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void ExitWithoutDestructors(int code);
}

using System.Net.Sockets;
using ElasticityStream.Host.Progress;
using Microsoft.Extensions.Hosting.Systemd;

namespace ElasticityStream.Host.Commands;

/// <summary>
/// Tells a service manager that started this process as a service of <c>Type=notify</c> where the study is: ready when its samples are read and its run
/// directory is there, a line of status at most once a second, and that it is about to end. Does nothing where nobody asked for it.
/// </summary>
/// <remarks>
/// It does not ping a watchdog: a study that makes no progress while samples are in flight ends by itself (<c>recovery.stuckAfterMinutes</c>), and one whose
/// source is quiet is to be left alone.
/// </remarks>
internal sealed class ServiceProgress : IProgress<ProgressSnapshot>, IDisposable
{
    /// <summary>The least time between two lines of status.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IProgress<ProgressSnapshot> _next;
    private readonly ISystemdNotifier _manager;
    private readonly ITimer? _timer;
    private readonly Lock _lock = new();
    private ProgressSnapshot? _latest;
    private ProgressSnapshot? _shown;
    private int _saidReady;
    private volatile bool _isEnding;

    /// <summary>Begins.</summary>
    /// <param name="next">Told everything too.</param>
    /// <param name="manager">The service manager.</param>
    /// <param name="time">The clock.</param>
    public ServiceProgress(IProgress<ProgressSnapshot> next, ISystemdNotifier manager, TimeProvider time)
    {
        _next = next;
        _manager = manager;
        if (manager.IsEnabled)
            _timer = time.CreateTimer(_ => Show(), state: null, Interval, Interval);
    }

    /// <summary>Says that a service that was asked to start has nothing left to do: one that ended without a word would count as failed.</summary>
    public static void NothingToDo(ISystemdNotifier manager, string status)
    {
        if (manager.IsEnabled)
            Tell(manager, $"{ServiceState.Ready}\nSTATUS={status}");
    }

    /// <summary>Takes note of how far the study is. Any thread.</summary>
    public void Report(ProgressSnapshot value)
    {
        _next.Report(value);
        if (_timer is null)
            return;
        Volatile.Write(ref _latest, value);
        // The first report comes when the samples are read, the probes chosen and the database is open. From then on it is the timer's thread that tells,
        // so that a service manager that does not listen holds up no study.
        if (Interlocked.Exchange(ref _saidReady, 1) == 0)
            Tell(_manager, $"{ServiceState.Ready}\nSTATUS={ProgressLine.ForService(value)}");
    }

    /// <summary>Says that the study was asked to end, which takes as long as its block and what it writes.</summary>
    public void Ending()
    {
        if (_timer is null)
            return;
        _isEnding = true;
        Tell(_manager, $"{ServiceState.Stopping}\nSTATUS=ending after the block under way");
    }

    public void Dispose() => _timer?.Dispose();

    private void Show()
    {
        // One at a time: threads are not to queue up behind a service manager that does not listen.
        if (!_lock.TryEnter())
            return;
        try
        {
            var latest = Volatile.Read(ref _latest);
            if (latest is null || latest == _shown)
                return;
            _shown = latest;
            Tell(_manager, $"STATUS={(_isEnding ? "ending: " : "")}{ProgressLine.ForService(latest)}");
        }
        finally
        {
            _lock.Exit();
        }
    }

    private static void Tell(ISystemdNotifier manager, string state)
    {
        try
        {
            manager.Notify(new ServiceState(state));
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            // Nobody listens there: the study goes on.
        }
    }
}

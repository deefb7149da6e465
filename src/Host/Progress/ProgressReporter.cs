namespace ElasticityStream.Host.Progress;

/// <summary>
/// Shows how far a study is, on standard error: a line that is redrawn on a terminal, otherwise a plain line every few seconds and
/// at the start of every phase. Reporting only stores the snapshot: a terminal that is slow, or closed, does not slow the study.
/// </summary>
public sealed class ProgressReporter : IProgress<ProgressSnapshot>, IDisposable
{
    /// <summary>How often the line on a terminal is redrawn.</summary>
    public static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>How often a plain line is written.</summary>
    public static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    private const int WidthWhereUnknown = 80;
    private const string ClearLine = "\r\u001b[K";
    private static readonly TimeSpan RateMemory = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly TextWriter _error;
    private readonly Func<int>? _terminalWidth;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly StepRate _rate = new(RateMemory);
    private ProgressSnapshot? _latest;
    private ProgressSnapshot? _shown;
    private TimeSpan _lineAt;
    private bool _isClosed;

    /// <summary>Starts showing progress.</summary>
    /// <param name="error">Standard error.</param>
    /// <param name="terminalWidth">Gives the terminal's width in characters; null where <paramref name="error"/> is no terminal.</param>
    /// <param name="time">The clock.</param>
    public ProgressReporter(TextWriter error, Func<int>? terminalWidth, TimeProvider time)
    {
        _error = error;
        _terminalWidth = terminalWidth;
        _time = time;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Show(isLast: false), state: null, RedrawInterval, RedrawInterval);
    }

    /// <summary>Takes note of how far the study is. Any thread; does not wait.</summary>
    public void Report(ProgressSnapshot value) => Volatile.Write(ref _latest, value);

    /// <summary>Shows the last snapshot once more and leaves the cursor on a fresh line.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Show(isLast: true);
        lock (_lock)
            _isClosed = true;
    }

    private void Show(bool isLast)
    {
        lock (_lock)
        {
            var snapshot = Volatile.Read(ref _latest);
            if (_isClosed || snapshot is null)
                return;
            var isNewPhase = _shown is null || _shown.Phase != snapshot.Phase || _shown.Model != snapshot.Model;
            if (isNewPhase)
                _rate.Reset();
            var now = _time.GetElapsedTime(_start);
            _rate.Observe(snapshot.Step, now);
            try
            {
                if (_terminalWidth is not null)
                    Redraw(snapshot, isLast);
                else if (isNewPhase || now - _lineAt >= LineInterval || (isLast && snapshot != _shown))
                    WriteLine(snapshot, now);
                else
                    return;
                _error.Flush();
                _shown = snapshot;
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // Nobody looks any more: whoever read standard error has gone. The study goes on without an audience.
                _isClosed = true;
            }
        }
    }

    private void Redraw(ProgressSnapshot snapshot, bool isLast)
    {
        _error.Write($"{ClearLine}{ProgressLine.ForTerminal(snapshot, _rate.PerSecond, Width())}");
        if (isLast)
            _error.Write('\n');
    }

    private void WriteLine(ProgressSnapshot snapshot, TimeSpan now)
    {
        _error.Write($"{ProgressLine.ForLog(snapshot, _rate.PerSecond)}\n");
        _lineAt = now;
    }

    private int Width()
    {
        var width = _terminalWidth!();
        return width > 0 ? width : WidthWhereUnknown;
    }
}

using ElasticityStream.Host.Progress;

namespace ElasticityStream.Host.Live;

/// <summary>Keeps how far a run is, for whoever looks, and passes it on. Any thread; does not wait.</summary>
/// <param name="next">Told everything too.</param>
internal sealed class LiveProgress(IProgress<ProgressSnapshot> next) : IProgress<ProgressSnapshot>
{
    private volatile ProgressSnapshot? _latest;

    /// <summary>How far the run is; null before it begins.</summary>
    public ProgressSnapshot? Latest => _latest;

    public void Report(ProgressSnapshot value)
    {
        _latest = value;
        next.Report(value);
    }
}

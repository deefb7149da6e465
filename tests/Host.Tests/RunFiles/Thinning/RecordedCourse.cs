using ElasticityStream.Actors.Recording;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.RunFiles.Thinning;

namespace ElasticityStream.Host.Tests.RunFiles.Thinning;

/// <summary>A study that records as the actors do, in blocks, and can be taken back. Beside the database it remembers all of its steps.</summary>
internal sealed class RecordedCourse : IDisposable
{
    private readonly string _path;
    private readonly ThinningSettings _settings;
    private readonly ThinningRule _rule;
    private readonly int _block;
    private readonly List<StepRow> _steps = [];
    private long? _clusteringUnderWay;

    public RecordedCourse(string path, ThinningSettings settings, ThinningRule rule, int block)
    {
        (_path, _settings, _rule, _block) = (path, settings, rule, block);
        Database = new RunDatabase(path, settings, rule);
    }

    public RunDatabase Database { get; private set; }

    /// <summary>All steps, whose rows would be there if nothing was thinned.</summary>
    public IReadOnlyList<StepRow> Steps => _steps;

    /// <summary>Takes one block of steps.</summary>
    /// <param name="row">What is measured at a step.</param>
    public void Take(Func<long, StepRow> row)
    {
        var before = _steps.Count;
        var block = Enumerable.Range(before, _block).Select(step => row(step)).ToArray();
        _steps.AddRange(block);
        Database.RecordSteps(block);
        long steps = _steps.Count;
        // A clustering takes as long as a block.
        if (_clusteringUnderWay is { } step)
            Database.RecordClusterings([Clustering(step, final: false)]);
        _clusteringUnderWay = IsDue(_settings.ClusterEvery) ? steps : null;
        if (IsDue(_settings.RecordEvery))
        {
            Database.RecordClassPairs([new(steps, "relative", "5", "9", _steps[^1].Loss, 3), new(steps, "relative", "9", "5", 0.5, 1)]);
            Database.RecordIndex([new(steps, "online", "relative", 0.5, null, 0.25, 0.125, 1, 0), new(steps, "online", "kernelized", 0.5, null, 0.25, 0.125, 1, 0)]);
        }

        if (IsDue(_settings.SweepEvery))
        {
            Database.RecordIndex([new(steps, "sweep", "relative", 0.5, null, 0.25, 0.125, 1, 0)]);
            Database.RecordKernelDistance(new KernelDistanceRow(steps, 3, 0.5, null));
            Database.RecordEvent(new EventRow(steps, EventKinds.Sweep, ""));
        }

        bool IsDue(long? every) => every is { } e && steps / e > before / e;
    }

    public Checkpoint Capture() => new(_steps.Count, Database.Mark(), _clusteringUnderWay);

    /// <summary>Goes back in process.</summary>
    public void GoBackTo(Checkpoint checkpoint)
    {
        Database.Rewind(checkpoint.Recorded);
        _steps.RemoveRange(checkpoint.Steps, _steps.Count - checkpoint.Steps);
        _clusteringUnderWay = checkpoint.ClusteringUnderWay;
    }

    /// <summary>The process ends, and another one goes on.</summary>
    public void ResumeFrom(Checkpoint checkpoint)
    {
        Database.Dispose();
        Database = RunDatabase.Open(_path, _settings, _rule);
        GoBackTo(checkpoint);
    }

    public void End()
    {
        Database.RecordClusterings([Clustering(_steps.Count, final: true)]);
        Database.ThinToTheEnd();
        Database.Dispose();
    }

    public void Dispose() => Database.Dispose();

    private static ClusteringRow Clustering(long step, bool final) => new(
        step, "kernelized", "kernel-kmeans", final, 3, 0.5, new ClusteringScoresRow(1, 1, 1, 1, 1, 1, 2), new ClusteringScoresRow(1, 1, 1, 1, 1, 1, 2), null, [3]);

    internal sealed record Checkpoint(int Steps, RecordingMark Recorded, long? ClusteringUnderWay);
}

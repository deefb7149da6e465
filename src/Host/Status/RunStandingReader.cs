using ElasticityStream.Actors.Recording;
using ElasticityStream.Host.Commands;
using ElasticityStream.Host.Configuration;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.RunFiles.Checkpoints;

namespace ElasticityStream.Host.Status;

/// <summary>Reads where a run stands, also while it runs. What cannot be read is said, and does not keep the rest from being shown.</summary>
internal sealed class RunStandingReader
{
    private const int MostEvents = 5;
    private static readonly string[] EventsOfNote = [EventKinds.Rewound, EventKinds.Resumed, EventKinds.Gap, EventKinds.SourceRestarted];

    private readonly RunDirectory _directory;
    private readonly DateTimeOffset _now;
    private readonly int _window;
    private readonly List<string> _problems = [];

    private RunStandingReader(RunDirectory directory, DateTimeOffset now)
    {
        _directory = directory;
        _now = now;
        _window = (StudyFile.Load(directory.StudyFile, [], StudyArguments.Sources).Configuration?.Output ?? new OutputSection()).Window;
    }

    /// <summary>Reads it.</summary>
    /// <param name="directory">The run.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="RunDirectoryException"><c>run.json</c> cannot be read.</exception>
    public static RunStanding Read(RunDirectory directory, DateTimeOffset now) => new RunStandingReader(directory, now).Read();

    private RunStanding Read()
    {
        var situation = RunSituation.Read(_directory);
        var description = situation.Description;
        var main = Model("main", description.Main, _directory.Main);
        var contrast = description.Contrast is { } described && _directory.Contrast is { } files ? Model("contrast", described, files) : null;
        return new RunStanding
        {
            Study = description.Study,
            Run = description.Run,
            Folder = _directory.Root,
            State = situation.State,
            Message = description.Message,
            StartedUtc = description.StartedUtc,
            EndedUtc = description.EndedUtc,
            Seconds = situation.Duration(_now)?.TotalSeconds,
            Resumed = [.. description.Resumed.Select(r => new ResumptionStanding(r.AtUtc, r.Step, r.ContrastStep))],
            SweepOf = description.SweepOf,
            RejectedSamples = RejectedSamples(),
            Bytes = FolderSize.Of(_directory.Root),
            Models = contrast is null ? [main] : [main, contrast],
            Problems = _problems,
        };
    }

    private ModelStanding Model(string role, ModelDescription description, ModelFiles files)
    {
        var standing = new ModelStanding
        {
            Role = role,
            Network = description.Network,
            Device = description.Device,
            TotalSteps = description.TotalSteps,
            Steps = 0,
            Checkpoints = Checkpoints(files.Checkpoints),
        };
        // It is there once the samples are read, that of the contrast once the main model is done.
        if (!File.Exists(files.Database))
            return standing;
        try
        {
            using var database = new RunDatabaseReader(files.Database);
            return standing with
            {
                Steps = database.ReadStepsDone(),
                Latest = database.ReadLatestLoss(_window) is { } loss ? new LossStanding(loss.LastStep - loss.FirstStep + 1, loss.MeanLoss, loss.Accuracy) : null,
                Elasticity = [.. database.ReadLatestIndex().Select(Elasticity)],
                Clusterings = [.. database.ReadLatestClusterings().Select(Clustering)],
                Events = [.. database.ReadLatestEvents(EventsOfNote, MostEvents).Select(e => new EventStanding(e.Step, e.Kind, e.Detail))],
            };
        }
        catch (RunDirectoryException e)
        {
            _problems.Add(e.Message);
            return standing with { Steps = null };
        }
    }

    private CheckpointStanding? Checkpoints(string folder)
    {
        CheckpointListing listing;
        try
        {
            listing = CheckpointReader.List(folder);
            // One that is removed or replaced at that moment looks damaged once.
            if (listing.PassedOver.Count > 0)
            {
                var again = CheckpointReader.List(folder);
                listing = again with { PassedOver = [.. again.PassedOver.Intersect(listing.PassedOver, StringComparer.Ordinal)] };
            }
        }
        catch (RunDirectoryException e)
        {
            _problems.Add(e.Message);
            return null;
        }

        var latest = listing.Checkpoints is [var newest, ..] ? newest : null;
        return latest is null && listing.PassedOver.Count == 0
            ? null
            : new CheckpointStanding(
                listing.Checkpoints.Count, latest?.Step, latest?.Created, (_now - latest?.Created)?.TotalSeconds, latest?.Bytes,
                listing.Checkpoints.Sum(c => c.Bytes), listing.PassedOver);
    }

    private long? RejectedSamples()
    {
        if (!File.Exists(_directory.Main.Database))
            return 0;
        try
        {
            using var database = new RunDatabaseReader(_directory.Main.Database);
            return database.ReadRejections().Count;
        }
        catch (RunDirectoryException)
        {
            // The model, read from the same file, has said so.
            return null;
        }
    }

    private static ElasticityStanding Elasticity(ElasticityIndexRow row) =>
        new(row.Measure, row.Protocol, row.Step, row.Index, row.Reference, row.MeasuredRows, row.DegenerateRows);

    private static ClusteringStanding Clustering(ClusteringRow row) =>
        new(row.Measure, row.Method, row.Step, row.Final, Finite(row.Scores.Accuracy), Finite(row.Control.Accuracy));

    // JSON has no other numbers.
    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

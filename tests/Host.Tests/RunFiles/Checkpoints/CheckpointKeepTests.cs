using CsCheck;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.RunFiles.Checkpoints;

namespace ElasticityStream.Host.Tests.RunFiles.Checkpoints;

/// <summary>Which checkpoints are there to load after saves, after crashes in the middle of one, and after those.</summary>
public sealed class CheckpointKeepTests : IDisposable
{
    private const int NoCrash = 40;

    private readonly TemporaryFolder _folder = new();

    private string Folder => _folder.File("checkpoints");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Latest_stay_and_every_third_for_good()
    {
        var store = SampleCheckpoint.Store(Folder, keep: 2, keepEvery: 3);
        for (var step = 1; step <= 10; step++)
            store.Save(SampleCheckpoint.Create(step * 64));

        Assert.Equal([10, 9, 6, 3], CheckpointReader.List(Folder).Checkpoints.Select(saved => saved.Number));
        Assert.Equal([640, 576, 384, 192], CheckpointReader.List(Folder).Checkpoints.Select(saved => saved.Step));
        Assert.Equal(4, Directory.GetFileSystemEntries(Folder).Length);
    }

    [Fact]
    public void Everything_is_on_the_disk_before_it_gets_its_name_and_an_older_one_goes_only_then()
    {
        var operations = new List<string>();
        var store = SampleCheckpoint.Store(Folder, keep: 1, before: operations.Add);
        store.Save(SampleCheckpoint.Create(1));
        store.Save(SampleCheckpoint.Create(2));
        operations.Clear();

        store.Save(SampleCheckpoint.Create(2, seed: 1));
        store.Save(SampleCheckpoint.Create(3));

        string[] files = ["evaluator-0.z.npy", "evaluator-0.counts.npy", "evaluator-0.a.npy", "trainer.weights-0.npy", "trainer.generator.npy", "manifest.msgpack"];
        var writes = files.SelectMany(file => new[] { $"write {file}", $"fill {file}", $"flush {file}" }).ToArray();
        Assert.Equal(
            [
                "create .step-000000000002.tmp", .. writes, "flush .step-000000000002.tmp",
                "move step-000000000002 to .step-000000000002.old", "flush checkpoints",
                "move .step-000000000002.tmp to step-000000000002", "flush checkpoints",
                "move .step-000000000002.old to .step-000000000002.tmp", "remove .step-000000000002.tmp",
                "create .step-000000000003.tmp", .. writes, "flush .step-000000000003.tmp",
                "move .step-000000000003.tmp to step-000000000003", "flush checkpoints",
                "move step-000000000002 to .step-000000000002.tmp", "remove .step-000000000002.tmp",
            ],
            operations);
    }

    [Fact]
    public void Checkpoint_is_saved_and_the_caller_told_when_an_older_one_cannot_be_removed_and_it_goes_with_the_next()
    {
        var told = new List<RunDirectoryException>();
        var stuck = true;
        var store = new CheckpointStore(Folder, "run", "study", 1, null, new Progress.FakeTime(), told.Add, new FolderOperations(operation =>
        {
            if (stuck && operation == "move step-000000000001 to .step-000000000001.tmp")
                throw new RunDirectoryException("in use");
        }));
        store.Save(SampleCheckpoint.Create(1));

        store.Save(SampleCheckpoint.Create(2));
        Assert.Equal(["in use"], told.Select(exception => exception.Message));
        Assert.Equal([2, 1], CheckpointReader.List(Folder).Checkpoints.Select(saved => saved.Step));

        stuck = false;
        store.Save(SampleCheckpoint.Create(3));
        Assert.Equal([3], CheckpointReader.List(Folder).Checkpoints.Select(saved => saved.Step));
        Assert.Single(told);
    }

    [Fact]
    public void Opening_a_store_removes_what_is_unfinished_and_nothing_else()
    {
        SampleCheckpoint.Store(Folder, keep: 5).Save(SampleCheckpoint.Create(1));
        SampleCheckpoint.Store(Folder, keep: 5).Save(SampleCheckpoint.Create(2));
        Directory.CreateDirectory(Path.Combine(Folder, ".step-000000000003.tmp", "deep"));
        Directory.CreateDirectory(Path.Combine(Folder, "notes"));
        File.WriteAllText(Path.Combine(Folder, ".step-000000000003.tmp", "trainer.w.npy"), "half");

        _ = SampleCheckpoint.Store(Folder, keep: 1);

        Assert.Equal(["notes", "step-000000000001", "step-000000000002"], Directory.GetFileSystemEntries(Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void What_is_loadable_is_what_a_plain_model_says_after_any_saves_crashes_and_resumes()
    {
        var sample = 0;
        var action = Gen.Select(Gen.Int[0, 4], Gen.Int[0, NoCrash], Gen.Int[0, 6]);
        Gen.Select(Gen.Int[1, 3], Gen.OneOf(Gen.Const(0), Gen.Int[1, 3]), action.Array[1, 12]).Sample(
            (keep, keepEvery, actions) =>
            {
                using var history = new History(_folder.File($"{sample++}"), keep, keepEvery == 0 ? null : keepEvery);
                foreach (var (kind, crashAt, tidyCrashAt) in actions)
                    history.Do(kind, crashAt, tidyCrashAt);
            },
            iter: 60, threads: 1);
    }

    /// <summary>A folder of checkpoints beside a table of what should be in it.</summary>
    private sealed class History : IDisposable
    {
        private readonly string _folder;
        private readonly int _keep;
        private readonly int? _keepEvery;
        private Dictionary<long, (long Number, int Seed)> _model = [];
        private CheckpointStore _store;
        private int _untilCrash = int.MaxValue;
        private int _seed;
        private long _step = 10;

        public History(string folder, int keep, int? keepEvery)
        {
            (_folder, _keep, _keepEvery) = (folder, keep, keepEvery);
            _store = Open();
        }

        public void Dispose()
        {
            if (Directory.Exists(_folder))
                Directory.Delete(_folder, recursive: true);
        }

        /// <summary>Saves the next step (0, 1), the same step again (2), an earlier one (3), or opens another store (4).</summary>
        public void Do(int kind, int crashAt, int tidyCrashAt)
        {
            if (kind == 4)
            {
                _store = Open();
                AssertLoadable(_model);
                return;
            }

            _step = Math.Max(0, kind switch { 2 => _step, 3 => _step - 2, _ => _step + 1 });
            var committed = new Dictionary<long, (long Number, int Seed)>(_model) { [_step] = (NextNumber, ++_seed) };
            var pruned = Pruned(committed);
            _untilCrash = crashAt < NoCrash ? crashAt : int.MaxValue;
            try
            {
                _store.Save(SampleCheckpoint.Create(_step, _seed));
                _untilCrash = int.MaxValue;
                _model = pruned;
                AssertLoadable(_model);
            }
            catch (Crash)
            {
                // All as before, or the new one is there and some of what is to go is not there any more.
                var found = Loadable();
                if (!found.OrderBy(pair => pair.Key).SequenceEqual(_model.OrderBy(pair => pair.Key)))
                {
                    Assert.Subset(found.ToHashSet(), pruned.ToHashSet());
                    Assert.Superset(found.ToHashSet(), committed.ToHashSet());
                }

                AssertLoadable(found);
                _model = found;
                Resume(tidyCrashAt);
            }
        }

        private long NextNumber => _model.Values.Select(saved => saved.Number).DefaultIfEmpty(0).Max() + 1;

        private void Resume(int tidyCrashAt)
        {
            _untilCrash = tidyCrashAt;
            try
            {
                _store = Open();
            }
            catch (Crash)
            {
                AssertLoadable(_model);
                _untilCrash = int.MaxValue;
                _store = Open();
            }

            _untilCrash = int.MaxValue;
            AssertLoadable(_model);
            Assert.DoesNotContain(Directory.GetFileSystemEntries(_folder), path => Path.GetFileName(path).StartsWith('.'));
        }

        private Dictionary<long, (long Number, int Seed)> Pruned(Dictionary<long, (long Number, int Seed)> all)
        {
            var lowestOfLatest = all.Values.Select(saved => saved.Number).OrderDescending().Take(_keep).Last();
            return all
                .Where(pair => pair.Value.Number >= lowestOfLatest || (_keepEvery is { } every && pair.Value.Number % every == 0))
                .ToDictionary(pair => pair.Key, pair => pair.Value);
        }

        private CheckpointStore Open() => SampleCheckpoint.Store(_folder, _keep, _keepEvery, _ =>
        {
            if (_untilCrash-- == 0)
                throw new Crash();
        });

        private Dictionary<long, (long Number, int Seed)> Loadable()
        {
            var listing = CheckpointReader.List(_folder);
            Assert.Empty(listing.PassedOver);
            return listing.Checkpoints.ToDictionary(
                saved => saved.Step, saved => (saved.Number, (int)CheckpointReader.Load(saved.Folder).Checkpoint.State[^1]));
        }

        private void AssertLoadable(Dictionary<long, (long Number, int Seed)> expected)
        {
            Assert.Equal(expected.OrderBy(pair => pair.Key), Loadable().OrderBy(pair => pair.Key));
            var latest = CheckpointReader.LoadLatest(_folder);
            if (expected.Count == 0)
            {
                Assert.Null(latest);
                return;
            }

            var (step, newest) = expected.MaxBy(pair => pair.Value.Number);
            Assert.Equal((step, newest.Number), (latest!.Saved.Step, latest.Saved.Number));
            Assert.Empty(latest.PassedOver);
            SampleCheckpoint.AssertSame(SampleCheckpoint.Create(step, newest.Seed), latest.Checkpoint);
        }
    }

    /// <summary>The process ends: unlike a failure of the disk, this gives nobody a chance to clear up.</summary>
    private sealed class Crash : Exception
    {
        public Crash()
        {
        }

        public Crash(string message)
            : base(message)
        {
        }

        public Crash(string message, Exception innerException)
            : base(message, innerException)
        {
        }
    }
}

using System.Threading.Channels;
using Akka.Actor;
using Akka.Event;
using CsCheck;
using ElasticityStream.Actors.Accumulation;
using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Actors.Messages;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Actors.Supervision;
using ElasticityStream.Actors.Tests.Checkpoints;
using ElasticityStream.Actors.Tests.Studies;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Similarity;
using ElasticityStream.Streams;

namespace ElasticityStream.Actors.Tests.Accumulation;

/// <summary>
/// The accumulator against the plainest of models: itself, given everything once and in order. Messages come in any order, some twice, and it is ended and
/// taken up again from what it captured.
/// </summary>
public sealed class AccumulatorModelTests
{
    private sealed record History(int Seed, int Requests, int Shards, int Restarts);

    private static readonly Gen<History> Histories =
        from seed in Gen.Int[0, int.MaxValue]
        from requests in Gen.Int[1, 12]
        from shards in Gen.Int[1, 3]
        from restarts in Gen.Int[0, 3]
        select new History(seed, requests, shards, restarts);

    [Fact]
    public async Task Any_order_duplicates_and_restarts_give_the_bits_of_the_plain_order()
    {
        var plan = await StudyFixture.PlanAsync(new PointSource(4, 3));
        var (_, complaints) = await StudyFixture.InSystemAsync(async system =>
        {
            await Histories.SampleAsync(async history => Assert.Equal(await PlainAsync(system, plan, history), await DisturbedAsync(system, plan, history)), iter: 40);
            return true;
        }, serializeMessages: false);
        // The answer to one that was ended while it was being clustered.
        Assert.All(complaints.Heard, c => Assert.IsType<ClusteringProtocol.Clustered>(Assert.IsType<DeadLetter>(c).Message));
    }

    private static async Task<IReadOnlyList<string>> PlainAsync(ActorSystem system, StudyPlan plan, History history)
    {
        var recorder = new RecordedStudy();
        var accumulator = new Accumulator(system, plan, history.Shards, recorder, null);
        foreach (var message in Messages(plan, history, from: 0))
            accumulator.Tell(message);
        return StudyBits.Of(recorder, await accumulator.CompleteAsync(history.Requests));
    }

    private static async Task<IReadOnlyList<string>> DisturbedAsync(ActorSystem system, StudyPlan plan, History history)
    {
        var random = new Random(history.Seed);
        var recorder = new RecordedStudy();
        var (from, restored) = (0, (RestoredStudy?)null);
        for (var restart = 0; restart < history.Restarts; restart++)
        {
            var ended = new Accumulator(system, plan, history.Shards, recorder, restored);
            var before = random.Next(history.Requests - from + 1);
            var messages = Shuffled([.. Messages(plan, history, from)], random).ToList();
            // The trainer asks before it tells of later steps.
            var latest = messages.FindIndex(m => m is AccumulatorProtocol.StepsTaken taken && taken.Sequence >= before);
            messages.Insert(random.Next((latest < 0 ? messages.Count : latest) + 1), new AccumulatorProtocol.Capture(restart, before));
            foreach (var message in messages)
                ended.Tell(message);
            var captured = await ended.CapturedAsync();
            await ended.EndAsync();
            recorder = recorder.UpTo(captured.Recorded);
            from += before;
            restored = new RestoredStudy(new StudyCheckpoint(
                0,
                new CheckpointState(
                    CheckpointState.CurrentVersion, StudyPhase.Training, TrainingPosition.Start, null, history.Shards, new TrainerState(1, null, false, null),
                    captured.State, captured.Recorded).ToBytes(),
                new Dictionary<string, CarriedState> { ["accumulator"] = captured.Arrays, ["clustering"] = captured.Clustering }));
        }

        var last = new Accumulator(system, plan, history.Shards, recorder, restored);
        foreach (var message in Shuffled([.. Messages(plan, history, from)], random))
            last.Tell(message);
        return StudyBits.Of(recorder, await last.CompleteAsync(history.Requests - from));
    }

    // Some of them twice, in any order.
    private static object[] Shuffled(object[] messages, Random random)
    {
        object[] all = [.. messages, .. messages.Where(_ => random.Next(3) == 0)];
        random.Shuffle(all);
        return all;
    }

    // Those of the requests from one on, numbered from 0. A request's numbers depend on the history and on its number in the study alone.
    private static IEnumerable<object> Messages(StudyPlan plan, History history, int from)
    {
        for (var request = from; request < history.Requests; request++)
        {
            var random = new Random(HashCode.Combine(history.Seed, request));
            const int Steps = 3;
            var records = Enumerable.Range(0, Steps).Select(b =>
            {
                var probe = random.Next(-1, plan.Probes.Count);
                return new StepRecord(
                    (request * Steps) + b, 0, $"points/{probe}", Math.Max(probe, 0), SampleRole.Primary, probe < 0 ? 2 : plan.Probes.Classes[probe], probe,
                    random.NextDouble(), random.NextDouble(), random.Next(2) == 0, random.NextDouble() - 0.5, random.Next(5) == 0 ? 0 : random.NextDouble() - 0.5);
            });
            yield return new AccumulatorProtocol.StepsTaken(request - from, StepKind.Training, 0.1, [.. records], EndsUnit: true);
            for (var shard = 0; shard < history.Shards; shard++)
            {
                var (_, count) = Shards.Range(plan.Probes.Count, history.Shards, shard);
                var change = Enumerable.Range(0, Steps * count).Select(_ => random.NextDouble() - 0.5).ToArray();
                yield return new AccumulatorProtocol.PerturbationRows(request - from, shard, new PerturbationBlock(Steps, count, change, null));
            }
        }
    }

    private sealed class Accumulator
    {
        private readonly IActorRef _actor;
        private readonly IActorRef _clustering;
        private readonly IActorRef _checkpoints;
        private readonly Channel<CheckpointProtocol.AccumulatorCaptured> _captured = Channel.CreateUnbounded<CheckpointProtocol.AccumulatorCaptured>();

        private readonly Channel<long> _accumulated = Channel.CreateUnbounded<long>();

        public Accumulator(ActorSystem system, StudyPlan plan, int shards, RecordedStudy recorder, RestoredStudy? restored)
        {
            _clustering = system.ActorOf(Props.Create(() => new EmptyClustering()));
            _checkpoints = system.ActorOf(Props.Create(() => new Receiver(_captured.Writer, _accumulated.Writer)));
            var settings = new AccumulatorSettings(
                plan.Probes, shards, RowUpdate.Mean, 1, RowsFromSweeps: false, Bias: true, RecordEvery: 4, ClusterEvery: 5, Window: 7, TotalSteps: null, recorder,
                recorder, StudyFixture.Unread, restored);
            var activity = new StudyActivity(TimeProvider.System);
            _actor = system.ActorOf(Props.Create(() => new SimilarityAccumulatorActor(settings, _clustering, _checkpoints, activity)));
        }

        public void Tell(object message) => _actor.Tell(message, _checkpoints);

        public ValueTask<CheckpointProtocol.AccumulatorCaptured> CapturedAsync() => _captured.Reader.ReadAsync(TestContext.Current.CancellationToken);

        public async Task<StudyMeasurements> CompleteAsync(int requests)
        {
            // As the study does: not before nothing is in flight.
            for (var request = 0; request < requests; request++)
                Assert.Equal(request, await _accumulated.Reader.ReadAsync(TestContext.Current.CancellationToken));
            var measurements = await _actor.Ask<StudyMeasurements>(new AccumulatorProtocol.Complete(), Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);
            await EndAsync();
            return measurements;
        }

        public async Task EndAsync()
        {
            foreach (var actor in new[] { _actor, _clustering, _checkpoints })
                await actor.GracefulStop(TimeSpan.FromMinutes(1));
        }
    }

    private sealed class EmptyClustering : ReceiveActor
    {
        public EmptyClustering() =>
            Receive<ClusteringProtocol.SimilaritySnapshot>(m => Sender.Tell(new ClusteringProtocol.Clustered(m.Final, [])));
    }

    // The trainer, and whoever keeps the checkpoints.
    private sealed class Receiver : ReceiveActor
    {
        public Receiver(ChannelWriter<CheckpointProtocol.AccumulatorCaptured> captured, ChannelWriter<long> accumulated)
        {
            Receive<CheckpointProtocol.AccumulatorCaptured>(m => captured.TryWrite(m));
            Receive<TrainerProtocol.RequestAccumulated>(m => accumulated.TryWrite(m.Sequence));
        }
    }
}

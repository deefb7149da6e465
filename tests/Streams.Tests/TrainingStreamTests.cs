using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Implementation;
using ElasticityStream.Streams.Tests.Fixtures;

namespace ElasticityStream.Streams.Tests;

public sealed class TrainingStreamTests : IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("training-stream", "akka.loglevel = WARNING");
    private readonly CancellationTokenSource _patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private ActorMaterializer _materializer = null!;

    // What never comes fails the test instead of hanging the suite.
    private CancellationToken Cancellation => _patience.Token;

    public ValueTask InitializeAsync()
    {
        _materializer = _system.Materializer();
        _patience.CancelAfter(TimeSpan.FromMinutes(1));
        return ValueTask.CompletedTask;
    }

    /// <summary>Every test ends with the check that all its stages have stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        var supervisor = ((ActorMaterializerImpl)_materializer).Supervisor;
        try
        {
            var stages = await supervisor.Ask<StreamSupervisor.Children>(StreamSupervisor.GetChildren.Instance, Cancellation);
            foreach (var stage in stages.Refs)
                Assert.True(await stage.WatchAsync(Cancellation), $"{stage} has not stopped.");
        }
        finally
        {
            _patience.Dispose();
            await _system.Terminate();
        }
    }

    [Fact]
    public async Task Blocks_follow_the_source_across_passes_when_the_order_is_the_sources_own()
    {
        var source = ListSource.Of(7);

        var blocks = await RunAsync(source, new TrainingStreamOptions { Shuffle = false, Passes = 3, BlockSize = 4 });

        Assert.Equal([0L, 4, 8, 12, 16, 20], blocks.Select(block => block.FirstStep));
        Assert.Equal([4, 4, 4, 4, 4, 1], blocks.Select(block => block.Samples.Length));
        var scheduled = blocks.SelectMany(block => block.Samples).ToList();
        Assert.Equal(Enumerable.Range(0, 21).Select(step => (step / 7, (long)(step % 7), $"s{step % 7}")), scheduled.Select(s => (s.Pass, s.IndexInPass, s.Sample.Id)));
        Assert.Equal((3, 3), (source.Opened.Value, source.Closed.Value));
    }

    [Fact]
    public async Task Blocks_hold_each_sample_once_a_pass_when_shuffled()
    {
        var source = ListSource.Of(50);
        var options = new TrainingStreamOptions { Passes = 4, BlockSize = 8, Seed = 3 };

        var scheduled = (await RunAsync(source, options)).SelectMany(block => block.Samples).ToList();

        Assert.Equal(1, source.Opened.Value);
        foreach (var pass in scheduled.GroupBy(sample => sample.Pass))
        {
            Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), pass.Select(sample => sample.Sample.Position).Order());
            Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), pass.Select(sample => sample.IndexInPass));
        }

        Assert.Equal(4, scheduled.GroupBy(sample => sample.Pass).Select(pass => string.Join(' ', pass.Select(s => s.Sample.Id))).Distinct().Count());
        Assert.Equal(Ids(scheduled), Ids((await RunAsync(ListSource.Of(50), options)).SelectMany(block => block.Samples)));
        Assert.NotEqual(Ids(scheduled), Ids((await RunAsync(ListSource.Of(50), options with { Seed = 4 })).SelectMany(block => block.Samples)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(32)]
    [InlineData(1000)]
    public async Task Order_is_the_same_whatever_the_block_size(int blockSize)
    {
        var options = new TrainingStreamOptions { Passes = 3, Seed = 3 };

        var expected = (await RunAsync(ListSource.Of(50), options with { BlockSize = 13 })).SelectMany(block => block.Samples);
        var actual = (await RunAsync(ListSource.Of(50), options with { BlockSize = blockSize })).SelectMany(block => block.Samples);

        Assert.Equal(Ids(expected), Ids(actual));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_goes_on_where_any_of_its_blocks_ended(bool shuffle)
    {
        var options = new TrainingStreamOptions { Passes = 3, BlockSize = 4, Seed = 8, Shuffle = shuffle, ExcludedIds = new HashSet<string> { "s1", "s9" } };
        var all = await RunAsync(ListSource.Of(10), options);
        Assert.Equal(6, all.Count);

        for (var done = 1; done <= all.Count; done++)
        {
            var rest = await RunAsync(ListSource.Of(10), options with { Start = all[done - 1].End });
            Assert.Equal(all.Skip(done).Select(Describe), rest.Select(Describe));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Passes_go_on_without_end_in_the_order_of_a_limited_study(bool shuffle)
    {
        var options = new TrainingStreamOptions { Passes = 50, BlockSize = 7, Seed = 5, Shuffle = shuffle };
        var source = ListSource.Of(10);

        var limited = await RunAsync(ListSource.Of(10), options);
        var unlimited = await FirstBlocksAsync(source, options with { Passes = null }, limited.Count);

        // The last block of a limited study is shorter where the passes end.
        Assert.Equal(limited.SkipLast(1).Select(Describe), unlimited.SkipLast(1).Select(Describe));
        Assert.Equal(7, unlimited[^1].Samples.Length);
        await source.Closed.ReachesAsync(source.Opened.Value).WaitAsync(Cancellation);
    }

    [Fact]
    public async Task Source_without_an_end_goes_on_in_its_first_pass()
    {
        var source = new FlakySource(int.MaxValue, (_, _) => null);

        var blocks = await FirstBlocksAsync(source, new TrainingStreamOptions { Passes = null, BlockSize = 10, Shuffle = false }, 100);

        Assert.Equal(
            Enumerable.Range(0, 1000).Select(i => (0, (long)i, (long)i)), blocks.SelectMany(b => b.Samples).Select(s => (s.Pass, s.IndexInPass, s.Sample.Position)));
        Assert.Equal([0L], source.Openings);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Passes_beyond_what_an_int_counts_have_the_last_number_and_are_whole(bool shuffle)
    {
        var options = new TrainingStreamOptions
        {
            Passes = null,
            BlockSize = 4,
            Shuffle = shuffle,
            Start = new TrainingPosition(Step: long.MaxValue / 2, int.MaxValue - 1, IndexInPass: 6, SourcePosition: 6),
        };

        var blocks = await FirstBlocksAsync(ListSource.Of(10), options, 12);

        var scheduled = blocks.SelectMany(block => block.Samples).ToList();
        Assert.Equal(Enumerable.Range(6, 4), scheduled.TakeWhile(s => s.Pass == int.MaxValue - 1).Select(s => (int)s.IndexInPass));
        Assert.All(scheduled.Skip(4), s => Assert.Equal(int.MaxValue, s.Pass));
        Assert.All(scheduled.Skip(4).Chunk(10).SkipLast(1), pass =>
        {
            Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), pass.Select(s => s.IndexInPass));
            Assert.Equal(10, pass.Select(s => s.Sample.Id).Distinct().Count());
        });

        for (var done = 1; done < 8; done++)
        {
            var rest = await FirstBlocksAsync(ListSource.Of(10), options with { Start = blocks[done - 1].End }, 12 - done);
            Assert.Equal(blocks.Skip(done).Select(Describe), rest.Select(Describe));
        }
    }

    [Fact]
    public async Task First_block_ends_on_a_boundary_when_the_start_is_not_on_one()
    {
        var options = new TrainingStreamOptions { Shuffle = false, BlockSize = 4, Start = new TrainingPosition(Step: 6, Pass: 0, IndexInPass: 6, SourcePosition: 6) };

        var blocks = await RunAsync(ListSource.Of(11), options);

        Assert.Equal([(6L, 2), (8L, 3)], blocks.Select(block => (block.FirstStep, block.Samples.Length)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Held_out_samples_are_never_trained_on(bool shuffle)
    {
        var options = new TrainingStreamOptions { Passes = 2, BlockSize = 3, Shuffle = shuffle, ExcludedIds = new HashSet<string> { "s0", "s3" } };

        var scheduled = (await RunAsync(ListSource.Of(5), options)).SelectMany(block => block.Samples).ToList();

        Assert.Equal(6, scheduled.Count);
        Assert.Equal(["s1", "s2", "s4"], scheduled.Select(sample => sample.Sample.Id).Distinct().Order());
    }

    [Fact]
    public async Task Source_is_read_only_a_few_blocks_ahead_when_the_consumer_does_not_pull()
    {
        var source = ListSource.Of(100_000);
        var options = new TrainingStreamOptions { Shuffle = false, BlockSize = 10, BlocksAhead = 2 };
        var consumer = new ManualSubscriber<SampleBlock>(Cancellation);
        var killSwitch = TrainingStream.Create(source, options).ToMaterialized(Sink.FromSubscriber(consumer), Keep.Left).Run(_materializer);

        await source.Emitted.ReachesAsync(20).WaitAsync(Cancellation);
        for (var taken = 1; taken <= 500; taken++)
        {
            // What was taken, the blocks that wait, and no more than two on their way between the stages.
            Assert.InRange(source.Emitted.Value, 0, 10 * (taken - 1 + options.BlocksAhead + 2));
            await consumer.TakeAsync();
        }

        killSwitch.Shutdown();
        await consumer.Ended;
        await source.Closed.ReachesAsync(1).WaitAsync(Cancellation);
    }

    [Fact]
    public async Task Kill_switch_ends_the_stream_after_whole_blocks_and_closes_the_source()
    {
        var source = ListSource.Of(1_000_000);
        var blocks = new List<SampleBlock>();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var (killSwitch, done) = TrainingStream.Create(source, new TrainingStreamOptions { Shuffle = false, BlockSize = 8 })
            .ToMaterialized(
                Sink.ForEach<SampleBlock>(block =>
                {
                    blocks.Add(block);
                    if (blocks.Count == 20)
                        enough.SetResult();
                }),
                Keep.Both)
            .Run(_materializer);
        await enough.Task.WaitAsync(Cancellation);
        killSwitch.Shutdown();
        await done.WaitAsync(Cancellation);

        Assert.All(blocks, block => Assert.Equal(8, block.Samples.Length));
        Assert.Equal(Enumerable.Range(0, blocks.Count).Select(i => i * 8L), blocks.Select(block => block.FirstStep));
        Assert.InRange(blocks.Count, 20, 124_999);
        await source.Closed.ReachesAsync(1).WaitAsync(Cancellation);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Kill_switch_ends_the_stream_when_the_source_is_quiet(bool shuffle)
    {
        var source = new ListSource([.. Enumerable.Range(0, 10).Select(i => ListSource.SampleAt(i))], ListSource.OneFeature(10)) { WaitAt = 5 };
        var (killSwitch, done) = TrainingStream.Create(source, new TrainingStreamOptions { Shuffle = shuffle, BlockSize = 2 })
            .ToMaterialized(Sink.Seq<SampleBlock>(), Keep.Both)
            .Run(_materializer);

        await source.Waiting.Task.WaitAsync(Cancellation);
        killSwitch.Shutdown();

        Assert.All(await done.WaitAsync(Cancellation), block => Assert.Equal(2, block.Samples.Length));
        await source.Closed.ReachesAsync(1).WaitAsync(Cancellation);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_fails_with_the_sources_own_exception(bool shuffle)
    {
        var failure = new SampleSourceException("line 17 is torn");
        var source = new ListSource([.. Enumerable.Range(0, 10).Select(i => ListSource.SampleAt(i))], ListSource.OneFeature(10)) { Failure = failure, FailAt = 5 };

        var thrown = await Assert.ThrowsAsync<SampleSourceException>(() => RunAsync(source, new TrainingStreamOptions { Shuffle = shuffle, BlockSize = 2 }));

        Assert.Same(failure, thrown);
        await source.Closed.ReachesAsync(1).WaitAsync(Cancellation);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    public async Task Stream_fails_when_there_is_nothing_to_train_on(bool shuffle, int count)
    {
        var options = new TrainingStreamOptions { Shuffle = shuffle, ExcludedIds = new HashSet<string> { "s0" } };

        await Assert.ThrowsAsync<SampleSourceException>(() => RunAsync(ListSource.Of(count), options));
    }

    [Fact]
    public async Task Stream_reads_the_source_anew_by_each_run()
    {
        var source = ListSource.Of(5);
        var stream = TrainingStream.Create(source, new TrainingStreamOptions { Shuffle = false });

        for (var run = 0; run < 2; run++)
            Assert.Single(await stream.RunWith(Sink.Seq<SampleBlock>(), _materializer).WaitAsync(Cancellation));

        Assert.Equal(2, source.Opened.Value);
    }

    [Fact]
    public void Options_refuse_numbers_out_of_range()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrainingStreamOptions { Passes = 0 });
        Assert.Null(new TrainingStreamOptions { Passes = null }.Passes);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrainingStreamOptions { BlockSize = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrainingStreamOptions { BlocksAhead = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrainingStreamOptions { Start = new TrainingPosition(0, 0, -1, 0) });
    }

    private static IEnumerable<string> Ids(IEnumerable<ScheduledSample> samples) => samples.Select(sample => sample.Sample.Id);

    private static string Describe(SampleBlock block) =>
        $"{block.FirstStep}: {string.Join(' ', block.Samples.Select(s => $"{s.Pass}/{s.IndexInPass}/{s.Sample.Id}"))}";

    private async Task<IReadOnlyList<SampleBlock>> FirstBlocksAsync(ISampleSource source, TrainingStreamOptions options, int count) =>
        await TrainingStream.Create(source, options).Take(count).RunWith(Sink.Seq<SampleBlock>(), _materializer).WaitAsync(Cancellation);

    private async Task<IReadOnlyList<SampleBlock>> RunAsync(ISampleSource source, TrainingStreamOptions options) =>
        await TrainingStream.Create(source, options).RunWith(Sink.Seq<SampleBlock>(), _materializer).WaitAsync(Cancellation);
}

using ElasticityStream.Streams.Tests.Fixtures;
using ElasticityStream.Streams.Validation;

namespace ElasticityStream.Streams.Tests.Validation;

public sealed class ValidatedSampleSourceTests
{
    private readonly ListLog _log = new();

    public static TheoryData<RejectionReason, float[], double, string, string> Faults => new()
    {
        { RejectionReason.EmptyId, [1], 1, "a", "" },
        { RejectionReason.FeatureCount, [1, 2], 1, "a", "bad" },
        { RejectionReason.FeatureCount, [], 1, "a", "bad" },
        { RejectionReason.NonFiniteFeature, [float.NaN], 1, "a", "bad" },
        { RejectionReason.NonFiniteFeature, [float.NegativeInfinity], 1, "a", "bad" },
        { RejectionReason.NonFiniteLabel, [1], double.NaN, "a", "bad" },
        { RejectionReason.NonFiniteLabel, [1], double.PositiveInfinity, "a", "bad" },
        { RejectionReason.LabelOutOfRange, [1], 1.5, "a", "bad" },
        { RejectionReason.LabelOutOfRange, [1], -0.1, "a", "bad" },
        { RejectionReason.UnknownClass, [1], 1, "b", "bad" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Validation_diverts_a_sample_when_it_is_bad(RejectionReason reason, float[] features, double label, string @class, string id)
    {
        var bad = new Sample { Id = id, Position = 1, Features = features, Label = label, Class = @class };
        var source = Validated([ListSource.SampleAt(0), bad, ListSource.SampleAt(2)], LabelRange.Probability, maxRejectedFraction: 0.5);

        var emitted = await source.AllAsync();

        Assert.Equal([0L, 2L], emitted.Select(sample => sample.Position));
        var rejected = Assert.Single(_log.Rejected);
        Assert.Equal((1L, id, reason), (rejected.Position, rejected.Id, rejected.Reason));
        Assert.NotEmpty(rejected.Detail);
        Assert.Equal(1, source.RejectedCount);
    }

    [Fact]
    public async Task Validation_reports_a_position_once_when_it_is_read_in_several_passes()
    {
        var source = Validated([ListSource.SampleAt(0), Bad(1), ListSource.SampleAt(2), Bad(3)], LabelRange.Finite, maxRejectedFraction: 1);

        for (var pass = 0; pass < 3; pass++)
            Assert.Equal(2, (await source.AllAsync()).Count);

        Assert.Equal([1L, 3L], _log.Rejected.Select(rejected => rejected.Position));
        Assert.Equal(2, source.RejectedCount);
        Assert.Equal(3, source.ReportedTo);
    }

    [Fact]
    public async Task Validation_does_not_repeat_reports_when_it_goes_on_from_an_earlier_run()
    {
        var inner = new ListSource([Bad(0), ListSource.SampleAt(1), Bad(2)], ListSource.OneFeature(3));
        var source = new ValidatedSampleSource(inner, LabelRange.Finite, _log, maxRejectedFraction: 1, new EarlierRejections(1, 0, _ => 1));
        Assert.Equal((1L, 0L), (source.RejectedCount, source.ReportedTo));

        await source.AllAsync();

        Assert.Equal([2L], _log.Rejected.Select(rejected => rejected.Position));
        Assert.Equal((2L, 2L), (source.RejectedCount, source.ReportedTo));
    }

    [Fact]
    public async Task Validation_fails_when_more_than_the_allowed_fraction_is_bad_after_100_samples()
    {
        // Two bad ones of 99 are 2 %, but too few samples to judge by; the hundredth is good and still tips it.
        var source = Validated([.. Enumerable.Range(0, 500).Select(i => i is 10 or 20 ? Bad(i) : ListSource.SampleAt(i))], LabelRange.Finite, 0.01);
        var emitted = 0;

        var exception = await Assert.ThrowsAsync<SampleSourceException>(async () =>
        {
            await foreach (var _ in source.OpenAsync(0, TestContext.Current.CancellationToken))
                emitted++;
        });

        Assert.Equal(97, emitted);
        Assert.Contains("2 of the 100 samples read", exception.Message);
        Assert.Contains("position 10 ('bad')", exception.Message);
        Assert.Contains("NaN", exception.Message);
    }

    [Fact]
    public async Task Validation_goes_on_when_the_bad_fraction_is_just_allowed()
    {
        var source = Validated([.. Enumerable.Range(0, 200).Select(i => i is 99 or 199 ? Bad(i) : ListSource.SampleAt(i))], LabelRange.Finite, 0.01);

        Assert.Equal(198, (await source.AllAsync()).Count);
    }

    [Fact]
    public async Task Validation_fails_at_the_end_when_a_short_source_is_mostly_bad()
    {
        var source = Validated([ListSource.SampleAt(0), Bad(1)], LabelRange.Finite, 0.01);

        await Assert.ThrowsAsync<SampleSourceException>(() => source.AllAsync());
    }

    [Fact]
    public async Task Validation_judges_each_pass_by_itself()
    {
        // 2 of 250 are fine, and no more in the second pass; both would be too much for 150.
        var source = Validated([.. Enumerable.Range(0, 250).Select(i => i is 120 or 240 ? Bad(i) : ListSource.SampleAt(i))], LabelRange.Finite, 0.01);

        for (var pass = 0; pass < 3; pass++)
            Assert.Equal(248, (await source.AllAsync()).Count);
    }

    [Theory]
    [InlineData(0.01, 0)]
    [InlineData(0.02, 0)]
    [InlineData(0.01, 1)]
    [InlineData(0.02, 1)]
    [InlineData(0.03, 2)]
    public async Task Validation_judges_a_pass_that_is_taken_up_anywhere_as_an_uninterrupted_one(double maxRejectedFraction, int seed)
    {
        const int Count = 400;
        var random = new Random(seed);
        var bad = Enumerable.Range(0, Count).Where(_ => random.NextDouble() < 0.02).ToHashSet();
        Sample[] samples = [.. Enumerable.Range(0, Count).Select(i => bad.Contains(i) ? Bad(i) : ListSource.SampleAt(i))];
        var uninterrupted = await OutcomeAsync(Validated(samples, LabelRange.Finite, maxRejectedFraction), 0);

        for (var position = 0; position <= uninterrupted.Last; position++)
        {
            // In this process: the source has read on, and is opened again at the position.
            var rewound = Validated(samples, LabelRange.Finite, maxRejectedFraction);
            await OutcomeAsync(rewound, 0);
            Assert.Equal(uninterrupted, await OutcomeAsync(rewound, position));

            // In another one: the log knows what was read, the position and 30 samples ahead.
            var known = bad.Where(i => i < position + 30).ToList();
            var earlier = new EarlierRejections(known.Count, known.Count == 0 ? -1 : known.Max(), p => known.Count(i => i < p));
            var inner = new ListSource(samples, ListSource.OneFeature(Count));
            var resumed = new ValidatedSampleSource(inner, LabelRange.Finite, _log, maxRejectedFraction, earlier);
            Assert.Equal(uninterrupted, await OutcomeAsync(resumed, position));
            Assert.Equal(uninterrupted, await OutcomeAsync(resumed, position));
        }
    }

    [Fact]
    public async Task Validation_says_where_it_was_taken_up_when_what_it_read_since_is_not_all()
    {
        Sample[] samples = [.. Enumerable.Range(0, 200).Select(i => i is 10 or 20 or 150 ? Bad(i) : ListSource.SampleAt(i))];
        var before = new ValidatedSampleSource(
            new ListSource(samples, ListSource.OneFeature(200)), LabelRange.Finite, _log, 0.01, new EarlierRejections(2, 20, _ => 2));
        var since = new ValidatedSampleSource(
            new ListSource(samples, ListSource.OneFeature(200)), LabelRange.Finite, _log, 0.01, new EarlierRejections(1, 10, _ => 1));

        Assert.Contains(
            "2 of the 100 samples read are unusable, more than the allowed fraction of 0.01. All of those were read before position 60, where the reading was taken up.",
            (await Assert.ThrowsAsync<SampleSourceException>(() => before.AllAsync(60))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "2 of the 151 samples read are unusable, more than the allowed fraction of 0.01. The first since position 110, where the reading was taken up: position 150 ('bad')",
            (await Assert.ThrowsAsync<SampleSourceException>(() => since.AllAsync(110))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.0, true, true, true)]
    [InlineData(1.0, true, true, true)]
    [InlineData(2.0, true, false, true)]
    [InlineData(3.0, true, false, false)]
    [InlineData(0.5, true, true, false)]
    [InlineData(-1.0, true, false, false)]
    [InlineData(-1e300, true, false, false)]
    [InlineData(double.NaN, false, false, false)]
    [InlineData(double.PositiveInfinity, false, false, false)]
    public void LabelRange_contains_what_the_loss_allows(double label, bool finite, bool probability, bool ofThreeClasses)
    {
        Assert.Equal(finite, LabelRange.Finite.Contains(label));
        Assert.Equal(probability, LabelRange.Probability.Contains(label));
        Assert.Equal(ofThreeClasses, LabelRange.ClassIndex(3).Contains(label));
    }

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void Validation_refuses_a_fraction_outside_0_to_1(double fraction) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Validated([ListSource.SampleAt(0)], LabelRange.Finite, fraction));

    /// <summary>The last position that was emitted before the end or the failure, and which of the two it was.</summary>
    private static async Task<(long Last, bool Failed)> OutcomeAsync(ValidatedSampleSource source, long position)
    {
        // Where nothing is emitted any more the sample before was the last.
        var last = position - 1;
        try
        {
            await foreach (var sample in source.OpenAsync(position, TestContext.Current.CancellationToken))
                last = sample.Position;
            return (last, false);
        }
        catch (SampleSourceException)
        {
            return (last, true);
        }
    }

    private static Sample Bad(long position) => ListSource.SampleAt(position) with { Id = "bad", Features = new[] { float.NaN } };

    private ValidatedSampleSource Validated(IReadOnlyList<Sample> samples, LabelRange labels, double maxRejectedFraction) =>
        new(new ListSource(samples, ListSource.OneFeature(samples.Count)), labels, _log, maxRejectedFraction);
}

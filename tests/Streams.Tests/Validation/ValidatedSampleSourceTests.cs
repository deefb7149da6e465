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
        var source = new ValidatedSampleSource(inner, LabelRange.Finite, _log, maxRejectedFraction: 1, reportedTo: 0);

        await source.AllAsync();

        Assert.Equal([2L], _log.Rejected.Select(rejected => rejected.Position));
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
        // 1 of 150 is fine; the tail from position 100 has 1 in 50, which its end judges.
        var source = Validated([.. Enumerable.Range(0, 150).Select(i => i == 120 ? Bad(i) : ListSource.SampleAt(i))], LabelRange.Finite, 0.01);

        Assert.Equal(149, (await source.AllAsync()).Count);
        await Assert.ThrowsAsync<SampleSourceException>(() => source.AllAsync(100));
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

    private static Sample Bad(long position) => ListSource.SampleAt(position) with { Id = "bad", Features = new[] { float.NaN } };

    private ValidatedSampleSource Validated(IReadOnlyList<Sample> samples, LabelRange labels, double maxRejectedFraction) =>
        new(new ListSource(samples, ListSource.OneFeature(samples.Count)), labels, _log, maxRejectedFraction);
}

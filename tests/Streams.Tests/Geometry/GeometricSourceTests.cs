using ElasticityStream.Streams.Geometry;
using ElasticityStream.Streams.Tests.Fixtures;

namespace ElasticityStream.Streams.Tests.Geometry;

/// <summary>The definitions evaluated the slow way: from the coordinates that a sample carries, and by fine sums along the curves.</summary>
public sealed class GeometricSourceTests
{
    // Coordinates are float32, up to 50 in size.
    private const double CoordinateTolerance = 5e-6;

    [Fact]
    public async Task Torus_points_are_where_the_definition_puts_them()
    {
        var source = new TorusSource(new TorusOptions { PerLabel = 200 }, seed: 3);

        foreach (var sample in await source.AllAsync())
        {
            var t = source.PlaceOf(sample).Angle;
            double[] expected = sample.Label == 1
                ? [(8 * Math.Cos(t)) + (Math.Sin(4 * t) * Math.Cos(t)), (8 * Math.Sin(t)) + (Math.Sin(4 * t) * Math.Sin(t)), Math.Cos(4 * t)]
                : [(8 * Math.Cos(t)) - (Math.Sin(4 * t) * Math.Cos(t)), (8 * Math.Sin(t)) - (Math.Sin(4 * t) * Math.Sin(t)), -Math.Cos(4 * t)];
            AssertPoint(expected, sample);
            Assert.InRange(t, -Math.PI, Math.PI);
        }
    }

    [Fact]
    public async Task Torus_distance_is_the_angle_by_default()
    {
        var source = new TorusSource(new TorusOptions(), seed: 3);
        var samples = await source.AllAsync();

        Assert.Equal("geodesic distance (angle, rad)", source.DistanceLabel);
        foreach (var (first, second) in Pairs(samples))
        {
            // The angle at which a point is seen from the axis of the torus is t itself.
            var (t, u) = (Math.Atan2(first.Features.Span[1], first.Features.Span[0]), Math.Atan2(second.Features.Span[1], second.Features.Span[0]));
            var expected = Math.Min(Math.Abs(t - u), (2 * Math.PI) - Math.Abs(t - u));
            Assert.Equal(expected, source.Distance(first, second), 1e-5);
        }
    }

    [Fact]
    public async Task Torus_arc_length_agrees_with_a_fine_sum_of_chords()
    {
        var source = new TorusSource(new TorusOptions { PerLabel = 6, Distance = TorusDistance.ArcLength }, seed: 3);
        var samples = await source.AllAsync();

        foreach (var (first, second) in Pairs(samples))
        {
            var (t, u) = (source.PlaceOf(first).Angle, source.PlaceOf(second).Angle);
            var (low, high) = (Math.Min(t, u), Math.Max(t, u));
            var within = Chords(low, high, (int)first.Label);
            var around = Chords(high, low + (2 * Math.PI), (int)first.Label);
            // 20,000 chords fall short of the curve by a relative 1e-7 at most.
            Assert.Equal(Math.Min(within, around), source.Distance(first, second), 1e-5);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Torus_length_agrees_with_a_fine_quadrature_of_the_stated_speed(int label)
    {
        var side = label == 1 ? 1 : -1;
        foreach (var t in new[] { -Math.PI, -3.0, -1.234, 0, 0.5, Math.PI / 8, 2.9, Math.PI })
        {
            const int Steps = 200_000;
            var step = (t + Math.PI) / Steps;
            var expected = Enumerable.Range(0, Steps)
                .Sum(i => Math.Sqrt(Math.Pow(8 + (side * Math.Sin(4 * (-Math.PI + ((i + 0.5) * step)))), 2) + 16)) * step;
            Assert.Equal(expected, TorusSource.LengthTo(t, label), 1e-8);
        }
    }

    [Fact]
    public async Task FoldedBoxes_points_are_where_the_definition_puts_them()
    {
        var source = new FoldedBoxesSource(new FoldedBoxesOptions { PerLabel = 300 }, seed: 5);
        var samples = await source.AllAsync();

        foreach (var sample in samples)
        {
            var (x, y, z) = ((double)sample.Features.Span[0], (double)sample.Features.Span[1], (double)sample.Features.Span[2]);
            var c = sample.Label == 1 ? 13 : 11;
            Assert.InRange(Math.Abs(x), 0, (sample.Label == 1 ? 10 + (1 / 1.2) : 10 - (1 / 1.2)) + CoordinateTolerance);
            Assert.InRange(z, -1, 1);
            Assert.Equal(c - (1.2 * Math.Abs(x)), Math.Abs(y), CoordinateTolerance);
        }

        // Binomial(300, 1/2): five standard deviations are 43.
        Assert.InRange(samples.Count(sample => sample is { Label: 1 } && sample.Features.Span[1] > 0), 107, 193);
        Assert.InRange(samples.Count(sample => sample is { Label: 0 } && sample.Features.Span[1] > 0), 107, 193);
    }

    [Fact]
    public async Task FoldedBoxes_distance_agrees_with_a_walk_over_the_corners()
    {
        var source = new FoldedBoxesSource(new FoldedBoxesOptions { PerLabel = 30 }, seed: 5);

        foreach (var (first, second) in Pairs(await source.AllAsync()))
        {
            var c = first.Label == 1 ? 13.0 : 11.0;
            var way = Math.Min(Walk(first, second, c), Walk(second, first, c));
            var expected = Math.Sqrt((way * way) + Math.Pow(first.Features.Span[2] - second.Features.Span[2], 2));
            Assert.Equal(expected, source.Distance(first, second), 1e-4);
        }
    }

    [Fact]
    public void FoldedBoxes_perimeter_is_the_stated_one() =>
        Assert.Equal(4 * 13 * Math.Sqrt(1 + (1 / 1.44)), FoldedBoxesSource.Perimeter(1), 1e-12);

    [Fact]
    public async Task TwoCircles_points_and_distances_are_those_of_circles()
    {
        var source = new TwoCirclesSource(new TwoCirclesOptions { PerLabel = 40 }, seed: 9);
        var samples = await source.AllAsync();

        foreach (var sample in samples)
            Assert.Equal(sample.Label == 1 ? 10 : 50, double.Hypot(sample.Features.Span[0], sample.Features.Span[1]), CoordinateTolerance);
        foreach (var (first, second) in Pairs(samples))
        {
            var radius = first.Label == 1 ? 10.0 : 50.0;
            var chord = double.Hypot(first.Features.Span[0] - second.Features.Span[0], first.Features.Span[1] - second.Features.Span[1]);
            var expected = 2 * radius * Math.Asin(Math.Min(1, chord / (2 * radius)));
            // asin is steep where two points face each other: float32 chords leave 1e-2 there, not more.
            Assert.Equal(expected, source.Distance(first, second), expected > 3 * radius ? 5e-2 : 1e-4);
        }
    }

    public static TheoryData<string> Names => ["torus", "folded-boxes", "two-circles"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Geometry_carries_both_labels_as_often_and_begins_a_longer_draw_with_a_shorter_one(string name)
    {
        var few = await Create(name, perLabel: 4, seed: 1).AllAsync();
        var many = await Create(name, perLabel: 11, seed: 1).AllAsync();

        Assert.Equal(few.Select(Reading.Describe), many.Take(8).Select(Reading.Describe));
        Assert.Equal(11, many.Count(sample => sample is { Label: 1, Role: SampleRole.Primary, Class: "label 1" }));
        Assert.Equal(11, many.Count(sample => sample is { Label: 0, Role: SampleRole.Auxiliary, Class: "label 0" }));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Geometry_draws_with_its_own_seed_or_else_the_studys(string name)
    {
        var ofStudy = (await Create(name, perLabel: 3, seed: null, studySeed: 5).AllAsync()).ConvertAll(Reading.Describe);

        Assert.Equal(ofStudy, (await Create(name, perLabel: 3, seed: 5, studySeed: 6).AllAsync()).Select(Reading.Describe));
        Assert.NotEqual(ofStudy, (await Create(name, perLabel: 3, seed: null, studySeed: 6).AllAsync()).Select(Reading.Describe));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Geometry_measures_no_distance_between_labels_or_to_strangers(string name)
    {
        var source = Create(name, perLabel: 3, seed: 1);
        var distance = (IGeodesicDistance)source;
        var samples = await source.AllAsync();

        Assert.Equal(0, distance.Distance(samples[2], samples[2]));
        Assert.Equal(distance.Distance(samples[0], samples[2]), distance.Distance(samples[2], samples[0]));
        Assert.Throws<ArgumentException>(() => distance.Distance(samples[0], samples[1]));
        Assert.Throws<ArgumentException>(() => distance.Distance(samples[0], samples[2] with { Id = "other/2" }));
        Assert.Throws<ArgumentException>(() => distance.Distance(samples[0], samples[2] with { Position = 99 }));
    }

    private static ISampleSource Create(string name, int perLabel, long? seed, long studySeed = 77)
    {
        var factory = SampleSourceRegistry.BuiltIn.Find(name);
        var options = (GeometryOptions)Activator.CreateInstance(factory.OptionsType)!;
        (options.PerLabel, options.Seed) = (perLabel, seed);
        return factory.Create(options, new SampleSourceContext(".", studySeed));
    }

    private static IEnumerable<(Sample First, Sample Second)> Pairs(List<Sample> samples) =>
        from first in samples from second in samples where first.Label == second.Label && first.Position < second.Position select (first, second);

    private static double Chords(double from, double to, int label)
    {
        const int Count = 20_000;
        var points = Enumerable.Range(0, Count + 1).Select(i => TorusSource.PointAt(from + ((to - from) * i / Count), label)).ToList();
        return points.Zip(points.Skip(1), (a, b) => Math.Sqrt(a.Zip(b, (p, q) => (p - q) * (p - q)).Sum())).Sum();
    }

    /// <summary>The way from one point of the rhombus to the other, counter-clockwise, leg by leg.</summary>
    private static double Walk(Sample from, Sample to, double c)
    {
        (double X, double Y)[] corners = [(c / 1.2, 0), (0, c), (-c / 1.2, 0), (0, -c)];
        var position = (X: (double)from.Features.Span[0], Y: (double)from.Features.Span[1]);
        var goal = (X: (double)to.Features.Span[0], Y: (double)to.Features.Span[1]);
        var side = Side(position);
        var length = 0.0;
        for (var legs = 0; legs < 5; legs++)
        {
            var corner = corners[(side + 1) % 4];
            if (Side(goal) == side && Length(position, corner) >= Length(goal, corner))
                return length + Length(position, goal);
            length += Length(position, corner);
            position = corner;
            side = (side + 1) % 4;
        }

        throw new InvalidOperationException("The goal is not on the rhombus.");

        static int Side((double X, double Y) p) => p.Y > 0 ? (p.X > 0 ? 0 : 1) : (p.X < 0 ? 2 : 3);
        static double Length((double X, double Y) a, (double X, double Y) b) => double.Hypot(a.X - b.X, a.Y - b.Y);
    }

    private static void AssertPoint(double[] expected, Sample sample)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], sample.Features.Span[i], CoordinateTolerance);
    }
}

namespace ElasticityStream.Streams.Geometry;

/// <summary>Two concentric circles in the plane, label 1 on radius 10, label 0 on radius 50; a place is the angle t, uniform in [-pi, pi].</summary>
internal sealed class TwoCirclesSource : GeometricSource<double>
{
    public const string SourceName = "two-circles";

    private const long RandomStream = 0x6369_7263_6C65;

    public TwoCirclesSource(TwoCirclesOptions options, long seed)
        : base(SourceName, dimension: 2, options.PerLabel, new SeededRandom(seed, RandomStream), Draw)
    {
    }

    public override string DistanceLabel => "geodesic distance (arc length)";

    /// <summary>The radius of a label's circle.</summary>
    public static double Radius(int label) => label == 1 ? 10 : 50;

    protected override double Distance(double first, double second, int label) =>
        Radius(label) * ClosedCurve.ShorterWay(first, second, 2 * Math.PI);

    private static (double Place, double[] Coordinates) Draw(SeededRandom random, int label)
    {
        var t = Math.PI * ((2 * random.NextDouble()) - 1);
        return (t, [Radius(label) * Math.Cos(t), Radius(label) * Math.Sin(t)]);
    }
}

namespace ElasticityStream.Streams.Geometry;

/// <summary>
/// Two closed curves that wind around a torus (He &amp; Su 2020, section 2): for t uniform in [-pi, pi], label 1 at
/// (8 cos t + sin 4t cos t, 8 sin t + sin 4t sin t, cos 4t), label 0 at (8 cos t - sin 4t cos t, 8 sin t - sin 4t sin t, -cos 4t).
/// A place is (t, length of the curve from -pi to t).
/// </summary>
internal sealed class TorusSource : GeometricSource<(double Angle, double Length)>
{
    public const string SourceName = "torus";

    private const long RandomStream = 0x746F_7275_73;
    private const int Windings = 4;

    // The speed has period pi / 2; at 64 panels a period the five-point rule is exact to rounding.
    private const double PanelWidth = Math.PI / 128;

    private readonly TorusDistance _distance;

    public TorusSource(TorusOptions options, long seed)
        : base(SourceName, dimension: 3, options.PerLabel, new SeededRandom(seed, RandomStream), Draw) => _distance = options.Distance;

    public override string DistanceLabel =>
        _distance == TorusDistance.Angle ? "geodesic distance (angle, rad)" : "geodesic distance (arc length)";

    /// <summary>The length of one whole curve; the two are congruent.</summary>
    public static double Perimeter { get; } = LengthTo(Math.PI, label: 1);

    /// <summary>The point of a curve at an angle.</summary>
    public static double[] PointAt(double t, int label)
    {
        var side = Side(label);
        var radius = 8 + (side * Math.Sin(Windings * t));
        return [radius * Math.Cos(t), radius * Math.Sin(t), side * Math.Cos(Windings * t)];
    }

    /// <summary>The length of a curve from angle -pi to <paramref name="t"/>: the integral of sqrt((8 +- sin 4t)^2 + 16).</summary>
    public static double LengthTo(double t, int label) =>
        ClosedCurve.Integrate(u => Math.Sqrt(Math.Pow(8 + (Side(label) * Math.Sin(Windings * u)), 2) + (Windings * Windings)), -Math.PI, t, PanelWidth);

    protected override double Distance((double Angle, double Length) first, (double Angle, double Length) second, int label) =>
        _distance == TorusDistance.Angle
            ? ClosedCurve.ShorterWay(first.Angle, second.Angle, 2 * Math.PI)
            : ClosedCurve.ShorterWay(first.Length, second.Length, Perimeter);

    private static int Side(int label) => label == 1 ? 1 : -1;

    private static ((double Angle, double Length) Place, double[] Coordinates) Draw(SeededRandom random, int label)
    {
        var t = Math.PI * ((2 * random.NextDouble()) - 1);
        return ((t, LengthTo(t, label)), PointAt(t, label));
    }
}

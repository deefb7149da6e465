namespace ElasticityStream.Streams.Geometry;

/// <summary>
/// Two nested boxes without lids, each a rhombus times the interval z in [-1, 1] (He &amp; Su 2020, section 2). With k = 1.2, x is uniform in
/// [-c/k, c/k], c = 13 for label 1 and 11 for label 0 (the same as 10 + 1/k and 10 - 1/k), z uniform in [-1, 1]; the point is (x, c - k|x|, z) or
/// (x, k|x| - c, z), each with probability 1/2. A place is (arc length s around the rhombus, z): s = 0 at (c/k, 0), growing over the upper branch.
/// </summary>
internal sealed class FoldedBoxesSource : GeometricSource<(double Length, double Height)>
{
    public const string SourceName = "folded-boxes";

    private const long RandomStream = 0x626F_7865_73;
    private const double Slope = 1.2;

    public FoldedBoxesSource(FoldedBoxesOptions options, long seed)
        : base(SourceName, dimension: 3, options.PerLabel, new SeededRandom(seed, RandomStream), Draw)
    {
    }

    public override string DistanceLabel => "geodesic distance (on the box)";

    /// <summary>The length of the closed rhombus of a label: 4 c sqrt(1 + 1 / k^2).</summary>
    public static double Perimeter(int label) => 4 * Size(label) * Math.Sqrt(1 + (1 / (Slope * Slope)));

    /// <summary>The point of a box above or below the plane y = 0.</summary>
    public static double[] PointAt(double x, double z, bool upper, int label)
    {
        var y = Size(label) - (Slope * Math.Abs(x));
        return [x, upper ? y : -y, z];
    }

    /// <summary>The length around the rhombus from (c/k, 0) to the point at <paramref name="x"/>.</summary>
    public static double LengthTo(double x, bool upper, int label)
    {
        var fromEnd = HalfWidth(label) - x;
        var length = fromEnd * Math.Sqrt(1 + (Slope * Slope));
        return upper ? length : Perimeter(label) - length;
    }

    /// <summary>The largest |x| of a label: 10 + 1/k or 10 - 1/k.</summary>
    public static double HalfWidth(int label) => label == 1 ? 10 + (1 / Slope) : 10 - (1 / Slope);

    protected override double Distance((double Length, double Height) first, (double Length, double Height) second, int label) =>
        double.Hypot(ClosedCurve.ShorterWay(first.Length, second.Length, Perimeter(label)), first.Height - second.Height);

    private static double Size(int label) => label == 1 ? 13 : 11;

    private static ((double Length, double Height) Place, double[] Coordinates) Draw(SeededRandom random, int label)
    {
        var x = HalfWidth(label) * ((2 * random.NextDouble()) - 1);
        var z = (2 * random.NextDouble()) - 1;
        var upper = random.NextInt32(2) == 0;
        return ((LengthTo(x, upper, label), z), PointAt(x, z, upper, label));
    }
}

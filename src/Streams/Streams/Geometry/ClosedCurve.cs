namespace ElasticityStream.Streams.Geometry;

/// <summary>Distances along closed curves.</summary>
internal static class ClosedCurve
{
    // Nodes and weights of the five-point Gauss-Legendre rule on [-1, 1] (Abramowitz and Stegun, table 25.4).
    private static readonly double[] Nodes =
        [0, -0.5384693101056831, 0.5384693101056831, -0.9061798459386640, 0.9061798459386640];

    private static readonly double[] Weights =
        [0.5688888888888889, 0.4786286704993665, 0.4786286704993665, 0.2369268850561891, 0.2369268850561891];

    /// <summary>The shorter of the two ways between two places of a closed curve.</summary>
    /// <param name="first">The length from the curve's start to one place.</param>
    /// <param name="second">The length from the curve's start to the other.</param>
    /// <param name="perimeter">The length of the whole curve.</param>
    public static double ShorterWay(double first, double second, double perimeter)
    {
        var way = Math.Abs(first - second);
        return Math.Min(way, perimeter - way);
    }

    /// <summary>The integral of a smooth function over [<paramref name="from"/>, <paramref name="to"/>], panel by panel.</summary>
    /// <param name="function">Varies little over a panel.</param>
    /// <param name="from">Lower limit.</param>
    /// <param name="to">Upper limit, not below the lower one.</param>
    /// <param name="panelWidth">The longest panel.</param>
    public static double Integrate(Func<double, double> function, double from, double to, double panelWidth)
    {
        var panels = Math.Max(1, (int)Math.Ceiling((to - from) / panelWidth));
        var half = (to - from) / (2 * panels);
        var sum = 0.0;
        for (var p = 0; p < panels; p++)
        {
            var middle = from + (((2 * p) + 1) * half);
            for (var k = 0; k < Nodes.Length; k++)
                sum += Weights[k] * function(middle + (half * Nodes[k]));
        }

        return half * sum;
    }
}

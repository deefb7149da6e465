namespace ElasticityStream.Compute.Training;

/// <summary>exp(x) - 1 and log(1 + x) that stay accurate near 0; those of <see cref="double"/> subtract and add 1 and do not.</summary>
internal static class SpecialFunctions
{
    public static double Expm1(double x) => Math.Abs(x) < 1 ? 2 * Math.Exp(x / 2) * Math.Sinh(x / 2) : Math.Exp(x) - 1;

    public static double Log1p(double x)
    {
        // The rounding of 1 + x is undone by the quotient (Kahan).
        var rounded = 1 + x;
        return rounded == 1 ? x : Math.Log(rounded) * x / (rounded - 1);
    }
}

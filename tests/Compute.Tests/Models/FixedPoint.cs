using System.Numerics;

namespace ElasticityStream.Compute.Tests.Models;

/// <summary>A number with 384 bits after the point: slow, and far more exact than anything it is compared with.</summary>
internal readonly struct FixedPoint
{
    private const int Bits = 384;

    private static readonly BigInteger One = BigInteger.One << Bits;
    private static readonly FixedPoint InverseSqrt2 = new(SquareRoot(One << (Bits - 1)));
    private static readonly FixedPoint InverseSqrtPi = new(SquareRoot((One * One * One) / Pi()));

    private readonly BigInteger _scaled;

    private FixedPoint(BigInteger scaled)
    {
        _scaled = scaled;
    }

    public static implicit operator FixedPoint(int value) => new(value * One);

    /// <summary>Exact for every double that is a multiple of 2^-384.</summary>
    public static implicit operator FixedPoint(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7ff);
        var mantissa = (bits & 0xfffffffffffffL) | (exponent == 0 ? 0 : 1L << 52);
        var shift = Bits + Math.Max(exponent, 1) - 1075;
        var scaled = shift >= 0 ? (BigInteger)mantissa << shift : (BigInteger)mantissa >> -shift;
        return new FixedPoint(bits < 0 ? -scaled : scaled);
    }

    /// <summary>The nearest double, within one unit in its last place.</summary>
    public static explicit operator double(FixedPoint value)
    {
        var excess = Math.Max((int)BigInteger.Abs(value._scaled).GetBitLength() - 64, 0);
        return Math.ScaleB((double)(value._scaled >> excess), excess - Bits);
    }

    public static FixedPoint operator +(FixedPoint a, FixedPoint b) => new(a._scaled + b._scaled);

    public static FixedPoint operator -(FixedPoint a, FixedPoint b) => new(a._scaled - b._scaled);

    public static FixedPoint operator *(FixedPoint a, FixedPoint b) => new((a._scaled * b._scaled) >> Bits);

    public static FixedPoint operator /(FixedPoint a, FixedPoint b) => new((a._scaled << Bits) / b._scaled);

    public static bool operator >(FixedPoint a, FixedPoint b) => a._scaled > b._scaled;

    public static bool operator <(FixedPoint a, FixedPoint b) => a._scaled < b._scaled;

    /// <summary>exp(x): a Taylor series at x / 1024, squared ten times; the reciprocal for x above 0.</summary>
    public static FixedPoint Exp(FixedPoint x)
    {
        if (x > 0)
            return 1 / Exp(0 - x);
        var reduced = new FixedPoint(x._scaled >> 10);
        FixedPoint sum = 1, term = 1;
        for (var n = 1; !term._scaled.IsZero && term._scaled != BigInteger.MinusOne; n++)
        {
            term = new FixedPoint(term._scaled * reduced._scaled / n >> Bits);
            sum += term;
        }

        for (var i = 0; i < 10; i++)
            sum *= sum;
        return sum;
    }

    /// <summary>log(1 + x) for x above -1 by Newton's method on exp.</summary>
    public static FixedPoint Log1p(FixedPoint x)
    {
        FixedPoint y = Math.Log(1 + (double)x);
        for (var i = 0; i < 5; i++)
            y = y + ((1 + x) * Exp(0 - y)) - 1;
        return y;
    }

    public static FixedPoint Sigmoid(FixedPoint x) => x > 0 ? 1 / (1 + Exp(0 - x)) : Exp(x) / (1 + Exp(x));

    /// <summary>The standard normal density.</summary>
    public static FixedPoint NormalDensity(FixedPoint x) => Exp(0 - (x * x / 2)) * InverseSqrtPi * InverseSqrt2;

    /// <summary>The standard normal distribution function; beyond 14 its tail of 1e-44 is left out.</summary>
    public static FixedPoint NormalDistribution(FixedPoint x)
    {
        if (x > 14)
            return 1;
        if (x < -14)
            return 0;
        // erf(t) = 2 / sqrt(pi) sum of (-1)^n t^(2n+1) / (n! (2n+1)); the terms reach 1e42, which costs 141 of the 384 bits.
        var t = x * InverseSqrt2;
        var square = t * t;
        FixedPoint power = t, sum = t;
        for (var n = 1; BigInteger.Abs(power._scaled) > 1; n++)
        {
            power = new FixedPoint(-(power * square)._scaled / n);
            sum += new FixedPoint(power._scaled / (2 * n + 1));
        }

        return (1 + (sum * InverseSqrtPi * 2)) / 2;
    }

    // Machin: pi = 16 arctan(1/5) - 4 arctan(1/239).
    private static BigInteger Pi() => 16 * ArcTangentOfInverse(5) - 4 * ArcTangentOfInverse(239);

    private static BigInteger ArcTangentOfInverse(int k)
    {
        BigInteger power = One / k, sum = power;
        for (var n = 1; !power.IsZero; n++)
        {
            power = -power / (k * k);
            sum += power / (2 * n + 1);
        }

        return sum;
    }

    private static BigInteger SquareRoot(BigInteger value)
    {
        var root = BigInteger.One << (int)((value.GetBitLength() + 1) / 2);
        while (true)
        {
            var next = (root + value / root) >> 1;
            if (next >= root)
                return root;
            root = next;
        }
    }
}

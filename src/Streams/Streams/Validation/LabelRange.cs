namespace ElasticityStream.Streams.Validation;

/// <summary>The labels that a study's loss can train on.</summary>
public sealed record LabelRange
{
    private readonly double _lower;
    private readonly double _upper;
    private readonly bool _integers;

    private LabelRange(double lower, double upper, bool integers, string allowed) =>
        (_lower, _upper, _integers, Allowed) = (lower, upper, integers, allowed);

    /// <summary>Any finite number: one output and mean squared error.</summary>
    public static LabelRange Finite { get; } = new(double.MinValue, double.MaxValue, integers: false, "any finite number");

    /// <summary>0 to 1: one output and binary cross-entropy.</summary>
    public static LabelRange Probability { get; } = new(0, 1, integers: false, "0 to 1");

    /// <summary>What is allowed, in words.</summary>
    public string Allowed { get; }

    /// <summary>A whole number in 0..<paramref name="count"/> - 1: one output per class.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public static LabelRange ClassIndex(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new LabelRange(0, count - 1, integers: true, $"a whole number from 0 to {count - 1}");
    }

    /// <summary>Whether a label is allowed; NaN never is.</summary>
    public bool Contains(double label) => label >= _lower && label <= _upper && (!_integers || label == Math.Floor(label));
}

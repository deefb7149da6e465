namespace ElasticityStream.Compute.Tests.Golden;

/// <summary>
/// The inputs that a group of golden cases shares: a network of one hidden layer, prediction w2 . phi(W1 x + b1) + b2 (its sigmoid for
/// bce), and samples.
/// </summary>
/// <remarks>
/// Keys: <c>W1</c> (h x d), <c>b1</c> (h), <c>w2</c> (1 x h), <c>b2</c> (1), <c>X</c> ((n + m) x d), <c>y</c> (n + m) as float64;
/// <c>subclass</c>, <c>primary_index</c> (n indices into X), <c>order</c> (n + m indices into X, the online order), <c>kkm_init</c> (n
/// labels) as int64.
/// </remarks>
public sealed class GoldenFixture
{
    private readonly IReadOnlyDictionary<string, string> _files;

    internal GoldenFixture(string name, int features, int hidden, int primaries, int auxiliaries, IReadOnlyDictionary<string, string> files)
    {
        Name = name;
        Features = features;
        Hidden = hidden;
        Primaries = primaries;
        Auxiliaries = auxiliaries;
        _files = files;
    }

    /// <summary>"tiny" or "mnist64".</summary>
    public string Name { get; }

    /// <summary>d, the length of a sample.</summary>
    public int Features { get; }

    /// <summary>h, the hidden units.</summary>
    public int Hidden { get; }

    /// <summary>n, the primary samples; these are the probes.</summary>
    public int Primaries { get; }

    /// <summary>m, the auxiliary samples.</summary>
    public int Auxiliaries { get; }

    /// <summary>A float64 input.</summary>
    public NpyArray<double> Doubles(string key) => NpyReader.ReadDoubles(GoldenCases.PathOf(Name, _files, key));

    /// <summary>An int64 input.</summary>
    public NpyArray<long> Longs(string key) => NpyReader.ReadLongs(GoldenCases.PathOf(Name, _files, key));
}

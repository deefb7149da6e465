namespace ElasticityStream.Compute.Tests.Golden;

/// <summary>One golden run: float64 results of SGD steps at every primary sample of a fixture.</summary>
/// <remarks>
/// Keys (float64): <c>delta</c> (n x n, row = step, column = probe), <c>rel</c>, <c>ker</c>, <c>rel_sym</c>, <c>ker_sym</c>; <c>g</c>
/// (n, dL/df);
/// frozen only: <c>pred0</c>, <c>delta_logit</c>, <c>ker_logit</c>; online only: the final weights <c>W1_end</c>, <c>b1_end</c>,
/// <c>w2_end</c>, <c>b2_end</c>.
/// Keys (int64): <c>rel_sym_kkm_labels</c>, <c>ker_sym_kkm_labels</c>.
/// </remarks>
public sealed class GoldenCase
{
    private readonly IReadOnlyDictionary<string, string> _files;
    private readonly IReadOnlyDictionary<string, double> _margins;

    internal GoldenCase(
        GoldenFixture fixture,
        string activation,
        string loss,
        string protocol,
        double learningRate,
        IReadOnlyDictionary<string, string> files,
        IReadOnlyDictionary<string, double> margins)
    {
        Fixture = fixture;
        Activation = activation;
        Loss = loss;
        Protocol = protocol;
        LearningRate = learningRate;
        _files = files;
        _margins = margins;
    }

    /// <summary>The inputs.</summary>
    public GoldenFixture Fixture { get; }

    /// <summary>"relu", "sigmoid" or "tanh".</summary>
    public string Activation { get; }

    /// <summary>"mse": (f - y)^2; "bce": cross-entropy of the probability.</summary>
    public string Loss { get; }

    /// <summary>"frozen": every step starts from the fixture's weights; "online": the weights move through the fixture's order.</summary>
    public string Protocol { get; }

    /// <summary>eta.</summary>
    public double LearningRate { get; }

    /// <summary>Unique among all cases; what a theory passes around.</summary>
    public string Name => FormattableString.Invariant($"{Fixture.Name} {Activation} {Loss} {Protocol} {LearningRate:0e-0}");

    /// <summary>Whether the case has this result.</summary>
    public bool Has(string key) => _files.ContainsKey(key);

    /// <summary>A float64 result.</summary>
    public NpyArray<double> Doubles(string key) => NpyReader.ReadDoubles(GoldenCases.PathOf(Name, _files, key));

    /// <summary>An int64 result.</summary>
    public NpyArray<long> Longs(string key) => NpyReader.ReadLongs(GoldenCases.PathOf(Name, _files, key));

    /// <summary>
    /// How far kernel K-means was from another decision at its closest, relative to the distances; below 1e-3 labels may differ by
    /// rounding.
    /// </summary>
    /// <param name="key"><c>rel_sym</c> or <c>ker_sym</c>.</param>
    public double KernelKMeansMargin(string key) => _margins[key];

    /// <inheritdoc/>
    public override string ToString() => Name;
}

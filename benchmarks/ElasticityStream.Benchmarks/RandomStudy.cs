namespace ElasticityStream.Benchmarks;

/// <summary>Random samples and probes in [0, 1], and labels 0 and 1: speed does not depend on what they show.</summary>
internal sealed class RandomStudy
{
    private readonly int _inputs;
    private readonly double[] _samples;
    private readonly double[] _labels;
    private int _position;
    private int _probePosition;

    /// <summary>Draws them.</summary>
    /// <param name="inputs">d.</param>
    /// <param name="probes">n.</param>
    /// <param name="samples">How many training samples; they are taken in turn, over and over.</param>
    public RandomStudy(int inputs, int probes, int samples)
    {
        var random = new SeededRandom(seed: 1, stream: inputs);
        _inputs = inputs;
        Probes = Uniform(probes * inputs);
        _samples = Uniform(samples * inputs);
        _labels = [.. Enumerable.Range(0, samples).Select(i => (double)(i % 2))];

        double[] Uniform(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble())];
    }

    /// <summary>n x d, row-major.</summary>
    public double[] Probes { get; }

    /// <summary>n.</summary>
    public int ProbeCount => Probes.Length / _inputs;

    /// <summary>The features of some probes.</summary>
    public ReadOnlySpan<double> ProbeFeatures(int first, int count) => Probes.AsSpan(first * _inputs, count * _inputs);

    /// <summary>The next <paramref name="count"/> probes in ascending order, spread over all of them, and their labels.</summary>
    public (int[] Probes, double[] Labels) NextProbes(int count)
    {
        _probePosition++;
        var probes = Enumerable.Range(0, count).Select(i => ((i * ProbeCount / count) + _probePosition) % ProbeCount).Order().ToArray();
        return (probes, Array.ConvertAll(probes, p => (double)(p % 2)));
    }

    /// <summary>The next <paramref name="count"/> samples, count x d, and their labels.</summary>
    /// <param name="count">At most the number of samples; where fewer are left, they start anew.</param>
    public (ReadOnlyMemory<double> Features, ReadOnlyMemory<double> Labels) Next(int count)
    {
        var start = _position + count <= _labels.Length ? _position : 0;
        _position = start + count;
        return (_samples.AsMemory(start * _inputs, count * _inputs), _labels.AsMemory(start, count));
    }
}

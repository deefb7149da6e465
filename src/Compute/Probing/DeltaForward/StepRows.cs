namespace ElasticityStream.Compute.Probing;

/// <summary>Consecutive steps out of the <see cref="StepArrays"/> of a layer.</summary>
/// <param name="arrays">All steps of the block.</param>
/// <param name="all">How many these are.</param>
/// <param name="start">The first step.</param>
/// <param name="count">How many, B.</param>
internal readonly struct StepRows(StepArrays arrays, int all, int start, int count)
{
    /// <summary>B.</summary>
    public int Count => count;

    /// <summary>The first half of step b.</summary>
    public ReadOnlySpan<float> First(int b) => Row(arrays.First, b);

    /// <summary>The second half of step b.</summary>
    public ReadOnlySpan<float> Second(int b) => Row(arrays.Second, b);

    private ReadOnlySpan<float> Row(float[] rows, int b) => rows.AsSpan((start + b) * (rows.Length / all), rows.Length / all);
}

namespace ElasticityStream.Compute.Similarity;

/// <summary>How far S_ker is from the neural tangent kernel at the same weights, in Euclidean norms.</summary>
/// <param name="Frobenius">||S_ker - NTK|| / ||NTK||; null where it is not defined.</param>
/// <param name="LargestRow">The largest of the same over single rows; null where it is not defined.</param>
public readonly record struct KernelDistance(double? Frobenius, double? LargestRow)
{
    /// <summary>Compares two n x n matrices. A row that is 0 in both is no distance apart; one that is 0 in the kernel alone leaves the largest row distance undefined.</summary>
    /// <param name="similarity">S_ker, row-major.</param>
    /// <param name="kernel">The kernel, row-major.</param>
    /// <param name="size">n.</param>
    public static KernelDistance Of(ReadOnlySpan<double> similarity, ReadOnlySpan<double> kernel, int size)
    {
        double difference = 0, square = 0, largest = 0;
        for (var i = 0; i < size; i++)
        {
            double rowDifference = 0, rowSquare = 0;
            var s = similarity.Slice(i * size, size);
            var k = kernel.Slice(i * size, size);
            for (var j = 0; j < size; j++)
            {
                rowDifference += (s[j] - k[j]) * (s[j] - k[j]);
                rowSquare += k[j] * k[j];
            }

            difference += rowDifference;
            square += rowSquare;
            largest = Math.Max(largest, Ratio(rowDifference, rowSquare));
        }

        return size == 0 ? default : new KernelDistance(Finite(Ratio(difference, square)), Finite(largest));
    }

    private static double Ratio(double difference, double square) => difference == 0 ? 0 : Math.Sqrt(difference / square);

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

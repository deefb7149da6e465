using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Compute.Tests.Similarity;

/// <summary>The contrast of classes by a double loop over the pairs.</summary>
internal static class SlowContrast
{
    public static ClassContrast Of(int n, int[] classes, IEnumerable<int> rows, Func<int, int, double> similarity)
    {
        var (same, different) = (new List<double>(), new List<double>());
        foreach (var i in rows)
        {
            for (var j = 0; j < n; j++)
            {
                if (i != j)
                    (classes[i] == classes[j] ? same : different).Add(similarity(i, j));
            }
        }

        return new ClassContrast(same.Count > 0 ? same.Average() : null, different.Count > 0 ? different.Average() : null);
    }
}

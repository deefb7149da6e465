namespace ElasticityStream.Compute.Clustering;

/// <summary>How many points each cluster shares with each class.</summary>
internal sealed class ContingencyTable
{
    private ContingencyTable(int points, int[] clusters, int[] classes, double[] counts)
    {
        Points = points;
        ClusterNumbers = clusters;
        ClassNumbers = classes;
        Counts = counts;
        ClusterSizes = new double[clusters.Length];
        ClassSizes = new double[classes.Length];
        for (var k = 0; k < counts.Length; k++)
        {
            ClusterSizes[k / classes.Length] += counts[k];
            ClassSizes[k % classes.Length] += counts[k];
        }
    }

    /// <summary>n.</summary>
    public int Points { get; }

    /// <summary>The distinct labels, ascending: the rows.</summary>
    public int[] ClusterNumbers { get; }

    /// <summary>The distinct classes, ascending: the columns.</summary>
    public int[] ClassNumbers { get; }

    /// <summary>Clusters x classes, row-major.</summary>
    public double[] Counts { get; }

    /// <summary>The points of each cluster.</summary>
    public double[] ClusterSizes { get; }

    /// <summary>The points of each class.</summary>
    public double[] ClassSizes { get; }

    /// <summary>Counts.</summary>
    /// <exception cref="ArgumentException">There are no points, or not as many classes as labels.</exception>
    public static ContingencyTable Of(ReadOnlySpan<int> labels, ReadOnlySpan<int> classes)
    {
        if (labels.IsEmpty)
            throw new ArgumentException("A clustering of no points has no score.", nameof(labels));
        if (labels.Length != classes.Length)
            throw new ArgumentException(
                $"There are {labels.Length} labels and {classes.Length} classes; every point needs one of each.",
                nameof(classes));
        return Count(labels, classes);
    }

    /// <summary>Counts, also where there are no points.</summary>
    public static ContingencyTable Count(ReadOnlySpan<int> labels, ReadOnlySpan<int> classes)
    {
        var (rows, columns) = (Distinct(labels), Distinct(classes));
        var counts = new double[rows.Length * columns.Length];
        for (var i = 0; i < labels.Length; i++)
            counts[Array.BinarySearch(rows, labels[i]) * columns.Length + Array.BinarySearch(columns, classes[i])]++;
        return new ContingencyTable(labels.Length, rows, columns, counts);
    }

    private static int[] Distinct(ReadOnlySpan<int> numbers)
    {
        var distinct = new SortedSet<int>();
        foreach (var number in numbers)
            distinct.Add(number);
        return [.. distinct];
    }
}

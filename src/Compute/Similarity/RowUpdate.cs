namespace ElasticityStream.Compute.Similarity;

/// <summary>What a row of the matrix becomes when its probe is trained on again.</summary>
public enum RowUpdate
{
    /// <summary>The newest row replaces the older one.</summary>
    Latest,

    /// <summary>The arithmetic mean of all rows so far.</summary>
    Mean,

    /// <summary>The exponentially weighted average: (1 - a) old + a new.</summary>
    Ewma,
}

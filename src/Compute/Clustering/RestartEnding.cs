namespace ElasticityStream.Compute.Clustering;

/// <summary>Why a restart stopped.</summary>
public enum RestartEnding
{
    /// <summary>A step changed no label.</summary>
    Converged,

    /// <summary>
    /// A step came back to an earlier labelling, which an indefinite kernel allows; the labels are those of the cycle's best objective.
    /// </summary>
    Cycled,

    /// <summary>The maximum number of iterations was reached; the labels are those of the best objective on the way.</summary>
    Limit,
}

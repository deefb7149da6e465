namespace ElasticityStream.Compute.Similarity;

/// <summary>How much more similar the pairs of one class are than those of different classes.</summary>
/// <param name="SameClass">Mean S over pairs i != j of one class; null if there is none.</param>
/// <param name="DifferentClass">Mean S over pairs of different classes; null if there is none.</param>
public sealed record ClassContrast(double? SameClass, double? DifferentClass)
{
    /// <summary>
    /// The elasticity index, same / (same + different): 0.5 where S does not tell the classes apart. Null, undefined, where either
    /// mean is missing or not positive.
    /// </summary>
    public double? Index => SameClass > 0 && DifferentClass > 0 ? SameClass / (SameClass + DifferentClass) : null;
}

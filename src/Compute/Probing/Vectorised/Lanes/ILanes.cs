namespace ElasticityStream.Compute.Probing.Vectorised;

/// <summary>
/// Arithmetic on a vector of float32 lanes, one probe a lane, so that one kernel body serves every vector width of a machine. No lane ever
/// sees another, and every width rounds alike: all widths give the same bits.
/// </summary>
/// <typeparam name="TVector">The vector.</typeparam>
internal unsafe interface ILanes<TVector>
    where TVector : struct
{
    /// <summary>How many lanes a vector has.</summary>
    static abstract int Count { get; }

    static abstract TVector Load(float* source);

    static abstract void Store(TVector value, float* destination);

    /// <summary>The same number in all lanes.</summary>
    static abstract TVector All(float value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a b + c, rounded once.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    static abstract TVector Maximum(TVector a, TVector b);

    /// <summary>min(a, 0), as a minimum of integers, for which processors have more ports than for one of floats.</summary>
    static abstract TVector NegativePart(TVector a);

    static abstract TVector Magnitude(TVector a);

    /// <summary>Whether any lane is larger than <paramref name="bound"/>.</summary>
    static abstract bool AnyAbove(TVector a, float bound);

    /// <summary>a where <paramref name="sign"/> is not negative, -a where it is.</summary>
    static abstract TVector WithSignOf(TVector a, TVector sign);

    /// <summary><paramref name="negative"/> where <paramref name="sign"/> is negative, otherwise <paramref name="other"/>.</summary>
    static abstract TVector WhereNegative(TVector sign, TVector negative, TVector other);

    /// <summary>The nearest integer.</summary>
    static abstract TVector Round(TVector a);

    /// <summary>2^a of integers from -126 to 127.</summary>
    static abstract TVector PowerOfTwo(TVector a);

    /// <summary>Adds a vector to as many sums in float64.</summary>
    static abstract void AddTo(double* sums, TVector value);
}

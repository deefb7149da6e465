namespace ElasticityStream.Compute.Training;

/// <summary>How far a probability moves when its logit does.</summary>
public static class ProbabilityChange
{
    /// <summary>sigmoid(logit + change) - sigmoid(logit), without subtracting two probabilities.</summary>
    /// <param name="logit">The logit before.</param>
    /// <param name="change">The logit's change, of either sign and any size.</param>
    public static double Of(double logit, double change)
    {
        // (1 - exp(-c)) sigmoid(-l) sigmoid(l + c) upwards and its mirror image downwards: a product, in which nothing cancels.
        var gap = -SpecialFunctions.Expm1(-Math.Abs(change));
        return change > 0 ? gap * Sigmoid(-logit) * Sigmoid(logit + change) : -(gap * Sigmoid(logit) * Sigmoid(-logit - change));
    }

    /// <summary>1 / (1 + exp(-x)), accurate in both tails.</summary>
    public static double Sigmoid(double x)
    {
        if (x >= 0)
            return 1 / (1 + Math.Exp(-x));
        var e = Math.Exp(x);
        return e / (1 + e);
    }
}

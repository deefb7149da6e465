namespace ElasticityStream.Compute.Training;

/// <summary>
/// The loss, its gradient and the prediction at one sample, in float64. Formulas: He &amp; Su 2020, section 2; where the loss is
/// binary cross-entropy, by the definition dL/dp = (p - y) / (p (1 - p)) and not by the released script, which has half of it.
/// </summary>
public sealed class LossFunction
{
    private readonly Loss _loss;
    private readonly Prediction _prediction;

    /// <summary>Chooses the loss and the quantity whose change is measured.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="prediction">Probability or logit, for <see cref="Loss.Bce"/>; the others always measure the output itself.</param>
    public LossFunction(Loss loss, Prediction prediction)
    {
        _loss = loss;
        _prediction = prediction;
    }

    /// <summary>Whether a change of the output becomes a change of the probability before it is compared.</summary>
    public bool MeasuresProbability => _loss == Loss.Bce && _prediction == Prediction.Probability;

    /// <summary>Evaluates loss and gradient at one sample.</summary>
    /// <param name="outputs">The network's K outputs.</param>
    /// <param name="label">The training label: a value, 0 to 1, or a class index.</param>
    /// <param name="outputGradient">Receives dL/d(outputs), K values.</param>
    public LossAtSample Evaluate(ReadOnlySpan<double> outputs, double label, Span<double> outputGradient) => _loss switch
    {
        Loss.Mse => SquaredError(outputs[0], label, outputGradient),
        Loss.Bce => BinaryCrossEntropy(outputs[0], label, outputGradient),
        Loss.CrossEntropy => SoftmaxCrossEntropy(outputs, (int)label, outputGradient),
        _ => throw new InvalidOperationException($"Not a loss: {_loss}."),
    };

    private static LossAtSample SquaredError(double f, double y, Span<double> gradient)
    {
        gradient[0] = 2 * (f - y);
        return new LossAtSample((f - y) * (f - y), f, gradient[0], f >= 0.5 == y >= 0.5);
    }

    private LossAtSample BinaryCrossEntropy(double logit, double y, Span<double> gradient)
    {
        var p = ProbabilityChange.Sigmoid(logit);
        var q = ProbabilityChange.Sigmoid(-logit);
        // -y log p - (1 - y) log q, with log p = -softplus(-logit).
        var loss = (y * Softplus(-logit)) + ((1 - y) * Softplus(logit));
        // p - y without cancellation at either label.
        var difference = y == 1 ? -q : p - y;
        gradient[0] = difference;
        return _prediction == Prediction.Logit
            ? new LossAtSample(loss, logit, difference, p >= 0.5 == y >= 0.5)
            : new LossAtSample(loss, p, difference / (p * q), p >= 0.5 == y >= 0.5);
    }

    private static LossAtSample SoftmaxCrossEntropy(ReadOnlySpan<double> outputs, int label, Span<double> gradient)
    {
        var largest = 0;
        for (var k = 1; k < outputs.Length; k++)
        {
            if (outputs[k] > outputs[largest])
                largest = k;
        }

        var sum = 0.0;
        for (var k = 0; k < outputs.Length; k++)
            sum += gradient[k] = Math.Exp(outputs[k] - outputs[largest]);

        double others = 0, norm = 0;
        for (var k = 0; k < outputs.Length; k++)
        {
            gradient[k] /= sum;
            if (k != label)
                others += gradient[k];
        }

        var probability = gradient[label];
        var loss = outputs[largest] - outputs[label] + Math.Log(sum);
        // p_y - 1 as minus the sum of the other probabilities: it does not cancel when the fit is good.
        gradient[label] = -others;
        foreach (var g in gradient)
            norm += g * g;
        return new LossAtSample(loss, probability, Math.Sqrt(norm), largest == label);
    }

    private static double Softplus(double x) => Math.Max(x, 0) + SpecialFunctions.Log1p(Math.Exp(-Math.Abs(x)));
}

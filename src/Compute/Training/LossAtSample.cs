namespace ElasticityStream.Compute.Training;

/// <summary>The loss at one sample and what follows from it.</summary>
/// <param name="Loss">L(f(x), y).</param>
/// <param name="Prediction">f(x), or p; with K outputs the probability of the label's class.</param>
/// <param name="Gradient">dL/df, the derivative by the prediction; with K outputs the Euclidean norm of dL/d(logits).</param>
/// <param name="Correct">Whether the prediction agrees with the label.</param>
public readonly record struct LossAtSample(double Loss, double Prediction, double Gradient, bool Correct);

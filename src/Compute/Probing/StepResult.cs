namespace ElasticityStream.Compute.Probing;

/// <summary>What a step at one sample did to that sample itself.</summary>
/// <param name="Loss">L(f(x; w), y), before the step.</param>
/// <param name="Prediction">f(x; w) or p; with K outputs the probability of the label's class.</param>
/// <param name="Gradient">dL/df at x; with K outputs the Euclidean norm of dL/d(logits). The denominator of S_ker is eta times this.</param>
/// <param name="Correct">Whether the prediction agreed with the label.</param>
/// <param name="SelfChange">f(x; w+) - f(x; w), the denominator of S_rel; with K outputs the Euclidean norm of the logits' change.</param>
public readonly record struct StepResult(double Loss, double Prediction, double Gradient, bool Correct, double SelfChange);

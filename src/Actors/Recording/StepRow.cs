namespace ElasticityStream.Actors.Recording;

/// <summary>One SGD step.</summary>
/// <param name="Step">0, 1, 2, … over the whole study.</param>
/// <param name="Pass">The pass over the source, from 0.</param>
/// <param name="SampleId">The sample's id within its source.</param>
/// <param name="Position">The sample's position within its source.</param>
/// <param name="Role">"primary" or "auxiliary".</param>
/// <param name="Class">The sample's class.</param>
/// <param name="Loss">The loss at the sample before the step.</param>
/// <param name="Prediction">The prediction before the step: the output or the probability; with K outputs the probability of the label's class.</param>
/// <param name="Correct">Whether the prediction, thresholded or by its largest output, agreed with the label.</param>
/// <param name="Gradient">dL/df at the sample; with K outputs its Euclidean norm.</param>
/// <param name="SelfChange">f(x; w+) - f(x; w) at the sample itself; with K outputs the Euclidean norm of the logits' change.</param>
public sealed record StepRow(
    long Step, int Pass, string SampleId, long Position, string Role, string Class,
    double Loss, double Prediction, bool Correct, double Gradient, double SelfChange);

namespace ElasticityStream.EndToEnd.Fixtures;

/// <summary>A row of the table <c>steps</c>.</summary>
public sealed record StepInRun(
    long Step, long Pass, string SampleId, string Role, string Class, double Loss, double Prediction, double Gradient, double SelfChange);

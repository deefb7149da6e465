using MessagePack;

namespace ElasticityStream.Actors.Accumulation;

/// <summary>One step as the trainer saw it.</summary>
/// <param name="Step">0, 1, 2, … over the study; for a virtual step the number of steps done.</param>
/// <param name="Pass">The pass over the source, from 0.</param>
/// <param name="SampleId">The sample's id.</param>
/// <param name="Position">The sample's position in its source.</param>
/// <param name="Role">Primary or auxiliary.</param>
/// <param name="Class">The index of its class among the source's classes.</param>
/// <param name="Probe">Its index in the probe set; -1 if it is none.</param>
/// <param name="Loss">The loss there before the step.</param>
/// <param name="Prediction">The prediction there before the step.</param>
/// <param name="Correct">Whether that agreed with the label.</param>
/// <param name="Gradient">dL/df there; with K outputs its norm.</param>
/// <param name="SelfChange">The denominator of S_rel, computed by the trainer itself.</param>
[MessagePackObject]
public sealed record StepRecord(
    [property: Key(0)] long Step,
    [property: Key(1)] int Pass,
    [property: Key(2)] string SampleId,
    [property: Key(3)] long Position,
    [property: Key(4)] SampleRole Role,
    [property: Key(5)] int Class,
    [property: Key(6)] int Probe,
    [property: Key(7)] double Loss,
    [property: Key(8)] double Prediction,
    [property: Key(9)] bool Correct,
    [property: Key(10)] double Gradient,
    [property: Key(11)] double SelfChange);

namespace ElasticityStream.Actors.Accumulation;

/// <summary>Whether a step moved the weights.</summary>
public enum StepKind
{
    /// <summary>A real SGD step.</summary>
    Training,

    /// <summary>A virtual step of a sweep.</summary>
    Sweep,
}

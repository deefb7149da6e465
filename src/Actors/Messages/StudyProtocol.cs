namespace ElasticityStream.Actors.Messages;

/// <summary>What a study is told from outside.</summary>
public static class StudyProtocol
{
    /// <summary>Runs the study. Answered by a <see cref="Studies.StudyOutcome"/>, or by a failure.</summary>
    public sealed record Run : ILocalMessage;

    /// <summary>Ends the study after the block under way, keeping what was measured.</summary>
    public sealed record Interrupt : ILocalMessage;
}

namespace ElasticityStream.Streams.Validation;

/// <summary>Keeps the samples that were diverted.</summary>
public interface IRejectedSampleLog
{
    /// <summary>Takes note of a sample. Called once for each position, on the thread that reads the source; must not block for long.</summary>
    void Report(RejectedSample sample);
}

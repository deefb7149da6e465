using ElasticityStream.Streams.Validation;

namespace ElasticityStream.Streams.Tests.Validation;

public sealed class ListLog : IRejectedSampleLog
{
    public List<RejectedSample> Rejected { get; } = [];

    public void Report(RejectedSample sample) => Rejected.Add(sample);
}

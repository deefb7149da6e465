namespace ElasticityStream.Streams.Validation;

/// <summary>A sample that was diverted.</summary>
/// <param name="Position">Where it stands in its source.</param>
/// <param name="Id">Its id, which may be the very thing that is wrong.</param>
/// <param name="Reason">What kind of fault.</param>
/// <param name="Detail">The fault in words: what was found, and what is allowed.</param>
public sealed record RejectedSample(long Position, string Id, RejectionReason Reason, string Detail);

namespace ElasticityStream.Actors.Recording;

/// <summary>Something that happened once in a study.</summary>
/// <param name="Step">The number of steps done.</param>
/// <param name="Kind">What, as a short name: see <see cref="EventKinds"/>.</param>
/// <param name="Detail">In words.</param>
public sealed record EventRow(long Step, string Kind, string Detail);

namespace ElasticityStream.Host.Live;

/// <summary>One number of the live page.</summary>
/// <param name="Title">Its name.</param>
/// <param name="Unit">As for a <see cref="LiveChart"/>.</param>
/// <param name="Instrument">The instrument's name; what it measured is summed over its tags.</param>
/// <param name="Only">The value of the tag to which that is confined, as in "outcome=degenerate"; null for all.</param>
/// <param name="Description">What it is, in a sentence.</param>
internal sealed record LiveFigure(string Title, string Unit, string Instrument, string? Only, string Description);

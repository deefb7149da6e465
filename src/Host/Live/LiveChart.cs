namespace ElasticityStream.Host.Live;

/// <summary>One chart of the live page.</summary>
/// <param name="Id">Its name in the page.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Unit">The unit of its values: "", "steps/s", "s", "B", "blocks", "samples".</param>
/// <param name="Description">What it shows, in a sentence.</param>
/// <param name="Curves">Its curves.</param>
/// <param name="OneMeasure">Whether only the measure that is chosen in the page is drawn.</param>
/// <param name="Logarithmic">Whether the values may span orders of magnitude; where they do, the axis is logarithmic.</param>
internal sealed record LiveChart(string Id, string Title, string Unit, string Description, IReadOnlyList<LiveCurve> Curves, bool OneMeasure = false,
    bool Logarithmic = false);

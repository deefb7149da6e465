namespace ElasticityStream.Host.Live;

/// <summary>The history at one moment. Nothing that it gives out changes any more.</summary>
/// <param name="Generation">While it is the same, rows were only added.</param>
/// <param name="Series">What the values of a row are.</param>
/// <param name="Rows">Holds the rows; those behind <paramref name="Count"/> belong to later moments.</param>
/// <param name="Count">How many rows there are.</param>
/// <param name="Latest">The latest row, whether it is kept or not.</param>
internal sealed record LiveHistorySnapshot(int Generation, LiveSeries[] Series, LiveRow[] Rows, int Count, LiveRow Latest)
{
    /// <summary>The rows from a place on.</summary>
    public IEnumerable<LiveRow> From(int place) => Rows.Take(Count).Skip(place);
}

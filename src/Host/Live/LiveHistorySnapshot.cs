namespace ElasticityStream.Host.Live;

/// <summary>The history at one moment. Nothing that it gives out changes any more.</summary>
/// <param name="Generation">While it is the same, rows were only added.</param>
/// <param name="Series">What the values of a row are.</param>
/// <param name="Past">The rows from before the run was resumed, in front of all others.</param>
/// <param name="Rows">Holds the rows; those behind <paramref name="Count"/> belong to later moments.</param>
/// <param name="Count">How many rows there are.</param>
/// <param name="Latest">The latest row, whether it is kept or not.</param>
internal sealed record LiveHistorySnapshot(int Generation, LiveSeries[] Series, LiveRow[] Past, LiveRow[] Rows, int Count, LiveRow Latest)
{
    /// <summary>All rows, those of the past in front.</summary>
    public IEnumerable<LiveRow> All => Past.Concat(From(0));

    /// <summary>The rows from a place on, without the past.</summary>
    public IEnumerable<LiveRow> From(int place) => Rows.Take(Count).Skip(place);
}

using ElasticityStream.Actors.Recording;
using Microsoft.Data.Sqlite;

namespace ElasticityStream.Host.RunFiles;

/// <summary>
/// The samples that were not trained on: the first and the latest of them, and how many there were for each reason. How many stand before a position is exact
/// where their rows are; in between they are taken for evenly spread.
/// </summary>
/// <param name="statements">Run on the database.</param>
/// <param name="first">How many of the first rows stay.</param>
/// <param name="latest">How many of the latest.</param>
internal sealed class RejectedSampleTable(
    PreparedStatements statements, long first = RejectedSampleTable.DefaultFirst, long latest = RejectedSampleTable.DefaultLatest)
{
    /// <summary>Enough to see what is wrong with a source.</summary>
    public const long DefaultFirst = 10_000;

    /// <summary>As many as validation remembers; a rewind goes back over no more.</summary>
    public const long DefaultLatest = 1 << 16;

    /// <summary>The tables.</summary>
    public const string Tables = """
        CREATE TABLE rejected_samples (position INTEGER NOT NULL, sample_id TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL);
        CREATE TABLE rejections (reason TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
        """;

    // Rowids are 1, 2, 3, …: only rows in the middle are ever deleted.
    private const string Forget = "DELETE FROM rejected_samples WHERE rowid > @p1 AND rowid <= (SELECT max(rowid) FROM rejected_samples) - @p2";

    /// <summary>Adds one.</summary>
    public void Add(SqliteTransaction transaction, RejectedSampleRow sample)
    {
        statements.Run("INSERT INTO rejected_samples VALUES (@p1, @p2, @p3, @p4)", transaction, sample.Position, sample.SampleId, sample.Reason, sample.Detail);
        statements.Run("INSERT INTO rejections VALUES (@p1, 1) ON CONFLICT DO UPDATE SET count = count + 1", transaction, sample.Reason);
        statements.Run(Forget, transaction, first, latest);
    }

    /// <summary>How many there were, and the highest position among them; -1 if there is none.</summary>
    public (long Count, long Last) Summarise() => statements.Query(
        "SELECT (SELECT coalesce(sum(count), 0) FROM rejections), (SELECT coalesce(max(position), -1) FROM rejected_samples)", null,
        row => (row.GetInt64(0), row.GetInt64(1)))[0];

    /// <summary>How many of them stand before a position.</summary>
    public long CountBefore(long position)
    {
        var (there, forgotten, lastOfFirst, firstOfLatest) = statements.Query(
            """
            SELECT (SELECT count(*) FROM rejected_samples WHERE position < @p1),
              (SELECT coalesce(sum(count), 0) FROM rejections) - (SELECT count(*) FROM rejected_samples),
              (SELECT coalesce(max(position), 0) FROM rejected_samples WHERE rowid <= @p2),
              (SELECT coalesce(min(position), 0) FROM rejected_samples WHERE rowid > @p2)
            """,
            null, row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), position, first)[0];
        if (forgotten == 0 || position <= lastOfFirst)
            return there;
        return position >= firstOfLatest
            ? there + forgotten
            : there + (long)(forgotten * ((double)(position - lastOfFirst) / (firstOfLatest - lastOfFirst)));
    }
}

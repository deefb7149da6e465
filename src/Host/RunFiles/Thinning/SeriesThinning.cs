using Microsoft.Data.Sqlite;

namespace ElasticityStream.Host.RunFiles.Thinning;

/// <summary>
/// Thins one series, a little at a time: of its older records, those stay whose number is a multiple of 2^level. A record's number is its step divided by the
/// steps between two records.
/// </summary>
/// <param name="statements">Run on the database.</param>
/// <param name="sql">Deletes records: <see cref="ThinningSchema.DeleteRecords"/>.</param>
/// <param name="every">Steps between two records.</param>
/// <param name="rule">Which records stay.</param>
internal sealed class SeriesThinning(PreparedStatements statements, string sql, long every, ThinningRule rule)
{
    private const long RecordsAtOnce = 64;

    private int _level;
    private long _done;

    /// <summary>All that is older is gone through again: records may have come late, or have been taken back.</summary>
    public void Forget() => (_level, _done) = (0, 0);

    /// <summary>Does a part of what is due that touches few records.</summary>
    /// <param name="transaction">What it is done in.</param>
    /// <param name="steps">How many steps there are, as far as the study is never taken back to before them.</param>
    /// <returns>False if nothing is due.</returns>
    public bool Advance(SqliteTransaction transaction, long steps)
    {
        var records = steps / every;
        var (horizon, level) = (rule.Horizon(records), rule.Level(records));
        if (level > _level)
            (_level, _done) = (level, 0);
        // Every record is a multiple of 1.
        if (level == 0)
            _done = Math.Max(_done, horizon);
        if (_done >= horizon)
            return false;
        var next = Math.Min(horizon, _done + RecordsAtOnce);
        statements.Run(sql, transaction, _done * every, next * every, every, 1L << level);
        _done = next;
        return true;
    }
}

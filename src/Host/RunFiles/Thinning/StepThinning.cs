using Microsoft.Data.Sqlite;

namespace ElasticityStream.Host.RunFiles.Thinning;

/// <summary>
/// Thins the rows of the steps, a little at a time: steps that are old enough are taken together in windows, and two windows of the same length, each with
/// every 2^k-th of its rows, become one with every 2^(k+1)-th. Whatever the order and the pace, what is there in the end is the same, bit by bit:
/// a window is always made of the same two, down to windows over whole rows.
/// </summary>
internal sealed class StepThinning(PreparedStatements statements, ThinningRule rule)
{
    private readonly List<StepWindow> _windows = [];
    private bool _isLoaded;

    /// <summary>The windows are read from the database again before anything else happens: they were changed there, or a change to them was undone.</summary>
    public void Forget() => _isLoaded = false;

    /// <summary>Does a part of what is due that touches few rows: as many as two windows have.</summary>
    /// <param name="transaction">What it is done in.</param>
    /// <param name="steps">How many steps there are, as far as the study is never taken back to before them.</param>
    /// <returns>False if nothing is due.</returns>
    public bool Advance(SqliteTransaction transaction, long steps)
    {
        Load(transaction);
        var end = _windows.Count == 0 ? 0 : _windows[^1].LastStep + 1;
        if (end < rule.Horizon(steps))
        {
            Add(transaction, StepWindow.Of(end, rule.Window, statements.Query(
                ThinningSchema.Rows, transaction,
                row => new StepWindow.Row(row.GetString(0), Number(row, 1), row.GetBoolean(2), Number(row, 3), Number(row, 4)), end, end + rule.Window)));
            return true;
        }

        if (FirstPair(rule.Window << rule.Level(steps)) is not { } first)
            return false;
        Merge(transaction, first);
        return true;
    }

    private void Load(SqliteTransaction transaction)
    {
        if (_isLoaded)
            return;
        _windows.Clear();
        _windows.AddRange(statements.Query(ThinningSchema.Windows, transaction, row => new StepWindow(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4),
            new RunningMean(row.GetInt64(5), Number(row, 6)), Number(row, 7), Number(row, 8),
            new RunningMean(row.GetInt64(9), Number(row, 10)), new RunningMean(row.GetInt64(11), Number(row, 12)))));
        _isLoaded = true;
    }

    private int? FirstPair(long longest)
    {
        for (var k = 0; k < _windows.Count - 1; k++)
        {
            var length = _windows[k].Length;
            if (length < longest && _windows[k].FirstStep % (2 * length) == 0 && _windows[k + 1].Length == length)
                return k;
        }

        return null;
    }

    private void Merge(SqliteTransaction transaction, int first)
    {
        var merged = _windows[first].With(_windows[first + 1]);
        statements.Run(ThinningSchema.DeleteWindow, transaction, _windows[first].FirstStep);
        statements.Run(ThinningSchema.DeleteWindow, transaction, _windows[first + 1].FirstStep);
        Insert(transaction, merged);
        statements.Run(ThinningSchema.DeleteSteps, transaction, merged.FirstStep, merged.LastStep + 1, merged.Length / rule.Window);
        _windows[first] = merged;
        _windows.RemoveAt(first + 1);
    }

    private void Add(SqliteTransaction transaction, StepWindow window)
    {
        Insert(transaction, window);
        _windows.Add(window);
    }

    private void Insert(SqliteTransaction transaction, StepWindow w) => statements.Run(
        ThinningSchema.InsertWindow, transaction, w.FirstStep, w.LastStep, w.Steps, w.Primary, w.Correct,
        w.Loss.Count, w.Loss.Mean, w.LowestLoss, w.HighestLoss, w.Gradient.Count, w.Gradient.Mean, w.SelfChange.Count, w.SelfChange.Mean);

    private static double Number(SqliteDataReader row, int column) => row.IsDBNull(column) ? double.NaN : row.GetDouble(column);
}

namespace ElasticityStream.Host.RunFiles.Thinning;

/// <summary>The statements that thin <c>run.db</c>.</summary>
internal static class ThinningSchema
{
    /// <summary>The table of the windows.</summary>
    public const string Tables = """
        CREATE TABLE step_windows (
          first_step INTEGER PRIMARY KEY, last_step INTEGER NOT NULL, steps INTEGER NOT NULL, primary_steps INTEGER NOT NULL, correct INTEGER NOT NULL,
          losses INTEGER NOT NULL, mean_loss REAL, lowest_loss REAL, highest_loss REAL,
          gradients INTEGER NOT NULL, mean_gradient REAL, self_changes INTEGER NOT NULL, mean_self_change REAL);
        """;

    /// <summary>All windows in order.</summary>
    public const string Windows = """
        SELECT first_step, last_step, steps, primary_steps, correct, losses, mean_loss, lowest_loss, highest_loss,
          gradients, mean_gradient, self_changes, mean_self_change
        FROM step_windows ORDER BY first_step
        """;

    public const string InsertWindow = "INSERT INTO step_windows VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13)";

    public const string DeleteWindow = "DELETE FROM step_windows WHERE first_step = @p1";

    /// <summary>Deletes the windows that reach to a step or beyond.</summary>
    public const string DeleteWindowsFrom = "DELETE FROM step_windows WHERE last_step >= @p1";

    /// <summary>What a window from one step to before another is made of.</summary>
    public const string Rows = "SELECT role, loss, correct, gradient, self_change FROM steps WHERE step >= @p1 AND step < @p2 ORDER BY step";

    /// <summary>Deletes the steps of a window that are no multiples of a stride.</summary>
    public const string DeleteSteps = "DELETE FROM steps WHERE step >= @p1 AND step < @p2 AND step % @p3 <> 0";

    /// <summary>Deletes the records of a series between two steps, but those whose number is a multiple of a stride.</summary>
    /// <param name="table">The table.</param>
    /// <param name="condition">Tells the series from others in the same table.</param>
    public static string DeleteRecords(string table, string? condition) =>
        $"DELETE FROM {table} WHERE step >= @p1 AND step < @p2 AND (step / @p3) % @p4 <> 0{(condition is null ? "" : $" AND {condition}")}";
}

using ElasticityStream.Actors.Recording;
using ElasticityStream.Host.RunFiles;
using Microsoft.Data.Sqlite;

namespace ElasticityStream.Host.Tests.RunFiles;

public sealed class RejectedSampleTableTests : IDisposable
{
    private const int First = 3;
    private const int Latest = 5;

    private readonly SqliteConnection _connection = new("Data Source=:memory:");
    private readonly PreparedStatements _statements;
    private readonly RejectedSampleTable _table;

    public RejectedSampleTableTests()
    {
        _connection.Open();
        _statements = new PreparedStatements(_connection);
        _table = new RejectedSampleTable(_statements, First, Latest);
        using var command = _connection.CreateCommand();
        command.CommandText = RejectedSampleTable.Tables;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _statements.Dispose();
        _connection.Dispose();
    }

    [Fact]
    public void First_and_latest_samples_stay_and_all_are_counted()
    {
        Reject(positions: 100);

        var rows = _statements.Query("SELECT position FROM rejected_samples ORDER BY rowid", null, row => row.GetInt64(0));
        Assert.Equal([0, 10, 20, 950, 960, 970, 980, 990], rows);
        Assert.Equal((100, 990), _table.Summarise());
        Assert.Equal(
            [("label", 50L), ("not-finite", 50L)],
            _statements.Query("SELECT reason, count FROM rejections ORDER BY reason", null, row => (row.GetString(0), row.GetInt64(1))));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(11, 2)]
    [InlineData(20, 2)]
    [InlineData(21, 3)]
    [InlineData(950, 95)]
    [InlineData(951, 96)]
    [InlineData(10_000, 100)]
    public void Count_before_a_position_is_exact_where_the_rows_are(long position, long count)
    {
        Reject(positions: 100);
        Assert.Equal(count, _table.CountBefore(position));
    }

    [Fact]
    public void Count_before_a_position_between_them_never_falls_and_takes_them_for_evenly_spread()
    {
        Reject(positions: 100);
        var counts = Enumerable.Range(20, 931).Select(position => _table.CountBefore(position)).ToArray();
        Assert.Equal(counts.Order(), counts);
        Assert.InRange(_table.CountBefore(500), 49, 51);
    }

    [Fact]
    public void All_is_exact_while_no_row_is_gone()
    {
        Assert.Equal((0, -1), _table.Summarise());
        Reject(positions: First + Latest);
        Assert.Equal((8, 70), _table.Summarise());
        Assert.Equal([0L, 1, 1, 4, 8], new long[] { 0, 1, 10, 31, 71 }.Select(_table.CountBefore));
    }

    private void Reject(int positions)
    {
        using var transaction = _connection.BeginTransaction();
        for (var k = 0; k < positions; k++)
            _table.Add(transaction, new RejectedSampleRow(10 * k, $"train/{k}", k % 2 == 0 ? "label" : "not-finite", ""));
        transaction.Commit();
    }
}

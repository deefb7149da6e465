using System.Globalization;
using System.Text;
using Sylvan.Data.Csv;

namespace ElasticityStream.Streams.Csv;

/// <summary>Reads the rows of one opening of a file.</summary>
internal sealed class CsvTable : IDisposable
{
    private const int BufferSize = 1 << 16;
    private const int LongestRow = 1 << 24;
    private const string WhatToDo = "Correct 'source.options.file'; it is relative to the study file.";

    private readonly string _path;
    private readonly CsvDataReader _reader;
    private readonly CsvColumns _columns;

    private CsvTable(string path, CsvDataReader reader, CsvOptions options)
    {
        _path = path;
        _reader = reader;
        _columns = new CsvColumns(path, [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)], options);
    }

    /// <summary>How many features a row has.</summary>
    public int FeatureCount => _columns.Features.Count;

    /// <summary>How many rows were read or skipped.</summary>
    public long RowsRead { get; private set; }

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="SampleSourceException">It is missing, empty, or lacks a column.</exception>
    public static CsvTable Open(string path, CsvOptions options)
    {
        var text = new StreamReader(SampleFile.Open(path, WhatToDo), Encoding.UTF8);
        try
        {
            var reader = CsvDataReader.Create(text, new CsvDataReaderOptions
            {
                BufferSize = BufferSize,
                MaxBufferSize = LongestRow,
                // A row is never a comment: one that began with this character would silently vanish.
                Comment = '\0',
                HeaderComparer = StringComparer.Ordinal,
            });
            return new CsvTable(path, reader, options);
        }
        catch (Exception exception)
        {
            text.Dispose();
            if (exception is CsvMissingHeadersException)
                throw new SampleSourceException($"{path}: is empty; a header line with the names of the columns is needed.", exception);
            if (IsUnreadable(exception))
                throw new SampleSourceException($"{path}: the header cannot be read: {exception.Message}", exception) { IsTransient = SampleFile.IsTransient(exception) };
            throw;
        }
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="SampleSourceException">The file cannot be read on.</exception>
    public bool Read()
    {
        try
        {
            return Counted(_reader.Read());
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            throw Unreadable(exception);
        }
    }

    /// <inheritdoc cref="Read"/>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Counted(await _reader.ReadAsync(cancellationToken));
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            throw Unreadable(exception);
        }
    }

    /// <summary>Parses the current row.</summary>
    /// <exception cref="SampleSourceException">It is malformed; the message names file, row and column.</exception>
    public CsvRow Parse()
    {
        if (_reader.RowFieldCount != _columns.Names.Count)
            throw Malformed($"has {_reader.RowFieldCount} fields, but the header names {_columns.Names.Count} columns.");

        var features = new float[_columns.Features.Count];
        for (var i = 0; i < features.Length; i++)
            features[i] = (float)Number(_columns.Features[i]);
        return new CsvRow(
            features,
            Class(_columns.Class),
            _columns.Number is { } number ? Number(number) : null,
            _columns.Role is { } role ? Role(role) : null);
    }

    public void Dispose() => _reader.Dispose();

    private static bool IsUnreadable(Exception exception) =>
        exception is FormatException or IOException or InvalidDataException or CsvRecordTooLargeException or CsvConfigurationException;

    private bool Counted(bool isRow)
    {
        if (isRow)
            RowsRead++;
        return isRow;
    }

    private double Number(int column)
    {
        var text = _reader.GetFieldSpan(column).Trim();
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return number;
        // As NumPy and pandas write it.
        if (text.TrimStart("+-").Equals("inf", StringComparison.OrdinalIgnoreCase))
            return text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        throw Malformed($"column '{_columns.Names[column]}' holds '{text}'; a number such as 0.25 is needed.");
    }

    private string Class(int column)
    {
        var text = _reader.GetFieldSpan(column).Trim().ToString();
        return text.Length > 0 ? text : throw Malformed($"column '{_columns.Names[column]}' is empty; the name of a class is needed.");
    }

    private SampleRole Role(int column)
    {
        var text = _reader.GetFieldSpan(column).Trim();
        if (text.Equals("primary", StringComparison.OrdinalIgnoreCase))
            return SampleRole.Primary;
        if (text.Equals("auxiliary", StringComparison.OrdinalIgnoreCase))
            return SampleRole.Auxiliary;
        throw Malformed($"column '{_columns.Names[column]}' holds '{text}'; allowed: primary, auxiliary.");
    }

    private SampleSourceException Malformed(string what) => new($"{_path}: row {RowsRead} below the header: {what}");

    private SampleSourceException Unreadable(Exception cause) =>
        new($"{_path}: row {RowsRead + 1} below the header: cannot be read: {cause.Message}", cause) { IsTransient = SampleFile.IsTransient(cause) };
}

namespace ElasticityStream.Streams.Csv;

/// <summary>
/// Creates the source <c>csv</c>: one sample per row of a text table. Feature shape <c>[features]</c>; id <c>csv/ROW</c> and position ROW, counted
/// from 0 below the header. Creating it reads the file once, to know the classes; nothing of it stays in memory.
/// </summary>
public sealed class CsvSourceFactory : SampleSourceFactory<CsvOptions>
{
    /// <inheritdoc/>
    public override string Name => "csv";

    /// <inheritdoc/>
    public override string Description => "Rows of a comma or tab separated file with a header, gz or not: feature columns, a label, optionally a class.";

    /// <inheritdoc/>
    public override ISampleSource Create(CsvOptions options, SampleSourceContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        return CsvSampleSource.Create(SampleFile.Resolve(context, options.File), options);
    }
}

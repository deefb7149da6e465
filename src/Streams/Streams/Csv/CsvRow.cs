namespace ElasticityStream.Streams.Csv;

/// <summary>What one row says, before the classes of the whole file are known.</summary>
/// <param name="Features">The values of the feature columns; not all need be finite.</param>
/// <param name="Class">The text of the class, or of the label where there is no class column.</param>
/// <param name="Number">The label as a number; null where the label follows from the class.</param>
/// <param name="Role">What the role column says; null without one.</param>
internal readonly record struct CsvRow(float[] Features, string Class, double? Number, SampleRole? Role);

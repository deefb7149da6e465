namespace ElasticityStream.Streams.Images;

/// <summary>A selected image.</summary>
/// <param name="Index">Where it stands in its file or files: 0, 1, 2, …</param>
/// <param name="Pixels">Its bytes as stored.</param>
/// <param name="Choice">What it is used as.</param>
internal sealed record LabelledImage(int Index, byte[] Pixels, ClassChoice Choice);

namespace ElasticityStream.Streams.Images;

/// <summary>What an image of a selected class is used as.</summary>
/// <param name="Class">The name of its class.</param>
/// <param name="Role">Compared, or only trained on.</param>
/// <param name="Label">What the network is trained towards.</param>
internal sealed record ClassChoice(string Class, SampleRole Role, double Label);

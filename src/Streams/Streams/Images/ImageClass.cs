namespace ElasticityStream.Streams.Images;

/// <summary>A class as an image file knows it.</summary>
/// <param name="Number">The label byte, 0..255.</param>
/// <param name="Name">What the class is called in reports.</param>
/// <param name="Alias">Another name by which a study may select it.</param>
internal sealed record ImageClass(int Number, string Name, string? Alias = null)
{
    public bool IsCalled(string name) =>
        string.Equals(Name, name, StringComparison.OrdinalIgnoreCase) || string.Equals(Alias, name, StringComparison.OrdinalIgnoreCase);
}

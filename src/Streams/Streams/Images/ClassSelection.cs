using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ElasticityStream.Streams.Images;

/// <summary>Decides, image by image in file order, which ones a study uses and as what.</summary>
internal sealed class ClassSelection
{
    private readonly string _origin;
    private readonly IReadOnlyList<Quota> _quotas;
    private readonly Quota?[] _byNumber = new Quota?[256];

    /// <summary>Looks up the classes that the options name.</summary>
    /// <param name="origin">The file or data set, to start a message with.</param>
    /// <param name="available">The classes of the data set, in the order in which they are reported when none is named.</param>
    /// <param name="options">The study's choice.</param>
    /// <exception cref="SampleSourceException">A name is unknown, or is named twice.</exception>
    public ClassSelection(string origin, IReadOnlyList<ImageClass> available, ImageSourceOptions options)
    {
        _origin = origin;
        var auxiliary = Resolve(options.Auxiliary, available, nameof(options.Auxiliary));
        var primary = options.Primary.Count > 0
            ? Resolve(options.Primary, available, nameof(options.Primary))
            : [.. available.Except(auxiliary)];
        if (primary.Count == 0)
            throw new SampleSourceException($"{origin}: every class is auxiliary, none is left to compare; name fewer in 'auxiliary'.");
        if (primary.Intersect(auxiliary).FirstOrDefault() is { } both)
        {
            throw new SampleSourceException($"{origin}: class '{both.Name}' is named in both 'primary' and 'auxiliary'; a class is one " +
                "or the other.");
        }

        var all = primary.Select(c => (Class: c, IsPrimary: true)).Concat(auxiliary.Select(c => (Class: c, IsPrimary: false)));
        _quotas =
        [
            .. all.Select((pair, index) => new Quota(
                pair.Class,
                Asked: pair.IsPrimary ? options.PrimaryPerClass : options.AuxiliaryPerClass,
                Option: pair.IsPrimary ? "primaryPerClass" : "auxiliaryPerClass",
                Role: pair.IsPrimary || options.Target == LabelTarget.Class ? SampleRole.Primary : SampleRole.Auxiliary,
                Label: (options.Target, pair.IsPrimary) switch { (LabelTarget.Class, _) => index, (_, true) => 1, _ => 0 })),
        ];
        foreach (var quota in _quotas)
            _byNumber[quota.Class.Number] = quota;
    }

    /// <summary>The selected classes: the primary ones, then the auxiliary ones, each in the order named.</summary>
    public IReadOnlyList<string> Classes => [.. _quotas.Select(quota => quota.Class.Name)];

    /// <summary>Asks whether the next image in file order is used.</summary>
    /// <param name="number">Its label byte.</param>
    /// <param name="choice">What it is used as.</param>
    /// <returns>Whether it is used; false if its class is not selected, or has enough samples already.</returns>
    public bool TryTake(byte number, [NotNullWhen(true)] out ClassChoice? choice)
    {
        choice = null;
        if (_byNumber[number] is not { } quota || ++quota.Found > quota.Asked)
            return false;
        choice = quota.Choice;
        return true;
    }

    /// <summary>Checks, once all images were seen, that each class had as many as were asked for.</summary>
    /// <exception cref="SampleSourceException">A class has fewer, or none.</exception>
    public void RequireEnough()
    {
        foreach (var quota in _quotas)
        {
            if (quota.Found == 0)
                throw new SampleSourceException($"{_origin}: there are no samples of class '{quota.Class.Name}'.");
            if (quota.Asked is { } asked && quota.Found < asked)
            {
                throw new SampleSourceException(
                    $"{_origin}: {asked} samples of class '{quota.Class.Name}' are asked for, but there are {quota.Found}; lower " +
                    $"'{quota.Option}' to {quota.Found}.");
            }
        }
    }

    private List<ImageClass> Resolve(List<string> names, IReadOnlyList<ImageClass> available, string option)
    {
        var resolved = new List<ImageClass>(names.Count);
        foreach (var name in names)
        {
            var found = available.FirstOrDefault(c => c.IsCalled(name))
                ?? available.FirstOrDefault(c => int.TryParse(name, CultureInfo.InvariantCulture, out var number) && c.Number == number)
                ?? throw new SampleSourceException(
                    $"{_origin}: there is no class '{name}', which '{option.ToLowerInvariant()}' names." +
                    $"{Spelling.Suggestion(name, available.Select(c => c.Name))} Allowed: " +
                    $"{string.Join(", ", available.Select(c => c.Name))}.");
            if (resolved.Contains(found))
            {
                throw new SampleSourceException($"{_origin}: class '{found.Name}' is named twice in '{option.ToLowerInvariant()}'; once " +
                    "is enough.");
            }

            resolved.Add(found);
        }

        return resolved;
    }

    private sealed record Quota(ImageClass Class, int? Asked, string Option, SampleRole Role, double Label)
    {
        public int Found { get; set; }

        public ClassChoice Choice { get; } = new(Class.Name, Role, Label);
    }
}

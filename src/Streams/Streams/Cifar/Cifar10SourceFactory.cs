using ElasticityStream.Streams.Images;

namespace ElasticityStream.Streams.Cifar;

/// <summary>
/// Creates the source <c>cifar10</c>: CIFAR-10 in its binary version, records of one label byte and 3 x 32 x 32 pixels, channels first (red,
/// green, blue). Feature shape <c>[3, 32, 32]</c>; id <c>cifar10/INDEX</c>, the index counted over the files in the order given.
/// </summary>
public sealed class Cifar10SourceFactory : SampleSourceFactory<Cifar10Options>
{
    private const int PixelCount = 3 * 32 * 32;
    private const int RecordLength = 1 + PixelCount;

    private static readonly IReadOnlyList<ImageClass> Classes =
    [
        new(0, "airplane"), new(1, "automobile", "car"), new(2, "bird"), new(3, "cat"), new(4, "deer"),
        new(5, "dog"), new(6, "frog"), new(7, "horse"), new(8, "ship"), new(9, "truck"),
    ];

    /// <inheritdoc/>
    public override string Name => "cifar10";

    /// <inheritdoc/>
    public override string Description => "Small colour photographs of ten classes: CIFAR-10 in its binary version, gz or not, from a folder.";

    /// <inheritdoc/>
    public override ISampleSource Create(Cifar10Options options, SampleSourceContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        var folder = SampleFile.Resolve(context, options.Folder);
        var paths = options.Files.Select(file => Find(folder, file)).ToList();
        if (paths.Distinct().Count() < paths.Count)
            throw new SampleSourceException($"{folder}: 'files' names a file twice: {string.Join(", ", options.Files)}.");

        var selection = new ClassSelection(folder, Classes, options);
        var selected = new List<LabelledImage>();
        var index = 0;
        foreach (var path in paths)
            Read(path, folder, selection, selected, ref index);
        selection.RequireEnough();
        return new ImageSampleSource(Name, [3, 32, 32], selection.Classes, selected, options.Scaling);
    }

    private static void Read(string path, string folder, ClassSelection selection, List<LabelledImage> selected, ref int index)
    {
        using var stream = SampleFile.Open(path, WhereToGet(folder));
        var record = new byte[RecordLength];
        for (var inFile = 0; ; inFile++)
        {
            var read = SampleFile.Read(stream, record, path);
            if (read == 0 && inFile > 0)
                return;
            if (read < RecordLength)
            {
                throw new SampleSourceException(
                    $"{path}: is truncated or not in CIFAR-10's binary format: record {inFile} has {read} bytes, but a record takes " +
                    $"{RecordLength} (one label and 3 x 32 x 32 pixels).");
            }

            if (record[0] >= Classes.Count)
                throw new SampleSourceException($"{path}: record {inFile} has the label {record[0]}; a label of CIFAR-10 is 0 to 9.");
            if (selection.TryTake(record[0], out var choice))
                selected.Add(new LabelledImage(index, record[1..], choice));
            index++;
        }
    }

    private static string Find(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        return !File.Exists(path) && File.Exists(path + ".gz") ? path + ".gz" : path;
    }

    private static string WhereToGet(string folder) =>
        "Get the CIFAR-10 binary version, cifar-10-binary.tar.gz, from the data set's home page at the University of Toronto " +
        $"(https://www.cs.toronto.edu/~kriz/cifar.html) and unpack its .bin files into {folder}; " +
        "'source.options.folder' names that folder.";
}

using System.Globalization;
using ElasticityStream.Streams.Images;

namespace ElasticityStream.Streams.Idx;

/// <summary>A pair of IDX files: images and their labels.</summary>
/// <param name="ImagesName">What the images file is called in messages.</param>
/// <param name="OpenImages">Opens it, decompressed.</param>
/// <param name="LabelsName">What the labels file is called in messages.</param>
/// <param name="OpenLabels">Opens it, decompressed.</param>
internal sealed record IdxDataSet(string ImagesName, Func<Stream> OpenImages, string LabelsName, Func<Stream> OpenLabels)
{
    private const int LabelsPerRead = 1 << 16;

    /// <summary>Reads the images that the options select; both files are read and checked to their end.</summary>
    /// <param name="idPrefix">Starts the ids.</param>
    /// <param name="classNames">The name of each label number; empty: the number.</param>
    /// <param name="options">The selection.</param>
    /// <exception cref="SampleSourceException">A file is malformed, the two do not match, or the selection cannot be met.</exception>
    public ImageSampleSource Load(string idPrefix, IReadOnlyList<string> classNames, ImageSourceOptions options)
    {
        var labels = ReadLabels();
        using var images = IdxStream.OpenImages(ImagesName, OpenImages);
        if (images.Count != labels.Length)
        {
            throw new SampleSourceException(
                $"{ImagesName} holds {images.Count} images, but {LabelsName} holds {labels.Length} labels; the two must be of the same " +
                "data set.");
        }

        var selection = new ClassSelection(LabelsName, Classes(labels, classNames), options);
        var selected = new List<LabelledImage>();
        var pixels = new byte[images.ItemLength];
        for (var i = 0; i < labels.Length; i++)
        {
            images.Read(pixels, i, 1);
            if (selection.TryTake(labels[i], out var choice))
                selected.Add(new LabelledImage(i, [.. pixels], choice));
        }

        images.RequireEnd();
        selection.RequireEnough();
        return new ImageSampleSource(idPrefix, images.ItemShape, selection.Classes, selected, options.Scaling);
    }

    private byte[] ReadLabels()
    {
        using var file = IdxStream.OpenLabels(LabelsName, OpenLabels);
        // The header is not trusted with an allocation: a damaged one may promise two thousand million labels.
        var labels = new List<byte>();
        var part = new byte[LabelsPerRead];
        while (labels.Count < file.Count)
        {
            var count = Math.Min(LabelsPerRead, file.Count - labels.Count);
            file.Read(part, labels.Count, count);
            labels.AddRange(part.AsSpan(0, count));
        }

        file.RequireEnd();
        if (labels.Count == 0)
            throw new SampleSourceException($"{LabelsName}: holds no labels; at least one is needed.");
        return [.. labels];
    }

    private List<ImageClass> Classes(byte[] labels, IReadOnlyList<string> classNames)
    {
        if (classNames.Distinct(StringComparer.OrdinalIgnoreCase).Count() < classNames.Count)
        {
            throw new SampleSourceException($"{LabelsName}: 'classNames' gives two classes the same name: " +
                $"{string.Join(", ", classNames)}.");
        }

        var highest = labels.Max();
        if (classNames.Count > 0 && classNames.Count <= highest)
        {
            throw new SampleSourceException($"{LabelsName}: 'classNames' names {classNames.Count} classes, but the labels go up to " +
                $"{highest}: {highest + 1} names are needed.");
        }

        return
        [
            .. labels.Distinct().Order().Select(number =>
                new ImageClass(number, classNames.Count > 0 ? classNames[number] : number.ToString(CultureInfo.InvariantCulture))),
        ];
    }
}

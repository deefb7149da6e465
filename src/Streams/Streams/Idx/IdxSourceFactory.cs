namespace ElasticityStream.Streams.Idx;

/// <summary>Creates the source <c>idx</c>: images and labels in two IDX files. Feature shape <c>[rows, columns]</c>; id <c>idx/INDEX</c>.</summary>
public sealed class IdxSourceFactory : SampleSourceFactory<IdxOptions>
{
    private const string WhatToDo = "Correct the path under 'source.options'; it is relative to the study file.";

    /// <inheritdoc/>
    public override string Name => "idx";

    /// <inheritdoc/>
    public override string Description => "Images and labels in two IDX files (the format of MNIST and its relatives), gz or not.";

    /// <inheritdoc/>
    public override ISampleSource Create(IdxOptions options, SampleSourceContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        var images = SampleFile.Resolve(context, options.Images);
        var labels = SampleFile.Resolve(context, options.Labels);
        return new IdxDataSet(images, () => SampleFile.Open(images, WhatToDo), labels, () => SampleFile.Open(labels, WhatToDo))
            .Load(Name, options.ClassNames, options);
    }
}

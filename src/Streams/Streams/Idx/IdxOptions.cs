using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ElasticityStream.Streams.Images;

namespace ElasticityStream.Streams.Idx;

/// <summary>Options of the source <c>idx</c>.</summary>
public sealed class IdxOptions : ImageSourceOptions
{
    /// <summary>The images file: IDX, unsigned bytes, three dimensions, gz or not; relative to the study file.</summary>
    [Required]
    [Description("The images file (IDX, unsigned bytes, gz or not), relative to the study file.")]
    public string Images { get; set; } = string.Empty;

    /// <summary>The labels file: IDX, unsigned bytes, one dimension, gz or not; relative to the study file.</summary>
    [Required]
    [Description("The labels file (IDX, unsigned bytes, gz or not), relative to the study file.")]
    public string Labels { get; set; } = string.Empty;

    /// <summary>The name of class 0, 1, 2, …; empty: the classes are called by their numbers.</summary>
    [Description("The names of classes 0, 1, 2, ...; empty: classes are called by their numbers.")]
    public List<string> ClassNames { get; set; } = [];
}

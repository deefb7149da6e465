using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ElasticityStream.Streams.Images;

/// <summary>What every source of labelled images lets a study choose.</summary>
public abstract class ImageSourceOptions
{
    /// <summary>Names or numbers of the classes to compare. Empty: all that are not auxiliary.</summary>
    [Description("Names or numbers of the classes that are compared with each other; empty: all that are not auxiliary.")]
    public List<string> Primary { get; set; } = [];

    /// <summary>Names or numbers of the classes that are only trained on.</summary>
    [Description("Names or numbers of the classes that are only trained on, to tell the primary ones from.")]
    public List<string> Auxiliary { get; set; } = [];

    /// <summary>How many samples of each primary class, the first ones in file order; null: all.</summary>
    [Range(1, int.MaxValue)]
    [Description("How many samples of each primary class, the first in file order; empty: all.")]
    public int? PrimaryPerClass { get; set; }

    /// <summary>How many samples of each auxiliary class, the first ones in file order; null: all.</summary>
    [Range(1, int.MaxValue)]
    [Description("How many samples of each auxiliary class, the first in file order; empty: all.")]
    public int? AuxiliaryPerClass { get; set; }

    /// <summary>How pixels become features.</summary>
    [EnumDataType(typeof(PixelScaling))]
    [Description("How a pixel v becomes a feature: unit (v / 255) or symmetric ((v / 255 - 0.5) / 0.5).")]
    public PixelScaling Scaling { get; set; } = PixelScaling.Unit;

    /// <summary>What the label stands for.</summary>
    [EnumDataType(typeof(LabelTarget))]
    [Description("What the label is: role (primary 1, auxiliary 0; one output) or class (the index of the class; one output per class, all primary).")]
    public LabelTarget Target { get; set; } = LabelTarget.Role;
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ElasticityStream.Host.Tests.Configuration;

/// <summary>A source that can be configured but not opened: reading a study needs no more.</summary>
internal sealed class DeclaredSource(string name, string description, Type optionsType) : ISampleSourceFactory
{
    public static IReadOnlyList<DeclaredSource> All { get; } =
    [
        new("cifar10", "Small colour photographs of ten classes.", typeof(CifarOptions)),
        new("folded-boxes", "Two nested folded boxes.", typeof(PointOptions)),
        new("mnist", "Handwritten digits, built in.", typeof(DigitOptions)),
        new("torus", "Two closed curves around a torus.", typeof(TorusOptions)),
    ];

    public string Name => name;

    public string Description => description;

    public Type OptionsType => optionsType;

    public ISampleSource Create(object options, SampleSourceContext context) => throw new NotSupportedException();

    internal enum Target
    {
        Role,
        Class,
    }

    internal enum Scaling
    {
        Unit,
        Symmetric,
    }

    internal enum Distance
    {
        Angle,
        ArcLength,
    }

    internal abstract class ImageOptions
    {
        [Description("The classes that are compared with each other.")]
        public List<string> Primary { get; set; } = [];

        [Description("The classes that are only trained on.")]
        public List<string> Auxiliary { get; set; } = [];

        [Range(1, int.MaxValue)]
        [Description("Samples of each primary class.")]
        public int? PrimaryPerClass { get; set; }

        [Range(1, int.MaxValue)]
        [Description("Samples of each auxiliary class.")]
        public int? AuxiliaryPerClass { get; set; }

        [Description("How a pixel becomes a feature.")]
        public Scaling Scaling { get; set; } = Scaling.Unit;

        [Description("What the label is.")]
        public Target Target { get; set; } = Target.Role;
    }

    internal sealed class DigitOptions : ImageOptions;

    internal sealed class CifarOptions : ImageOptions
    {
        [Required]
        [Description("The folder of the files.")]
        public string Folder { get; set; } = "";

        [Required]
        [MinLength(1)]
        [Description("The files in it.")]
        public List<string> Files { get; set; } = ["data_batch_1.bin"];
    }

    internal class PointOptions
    {
        [Range(1, 1_000_000)]
        [Description("Points of each label.")]
        public int PerLabel { get; set; } = 50;

        [Description("The seed of the points.")]
        public long? Seed { get; set; }
    }

    internal sealed class TorusOptions : PointOptions
    {
        [Description("The geodesic distance.")]
        public Distance Distance { get; set; } = Distance.Angle;
    }
}

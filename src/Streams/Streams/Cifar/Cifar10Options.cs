using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ElasticityStream.Streams.Images;

namespace ElasticityStream.Streams.Cifar;

/// <summary>Options of the source <c>cifar10</c>.</summary>
public sealed class Cifar10Options : ImageSourceOptions
{
    /// <summary>The folder that holds the files, relative to the study file.</summary>
    [Required]
    [Description("The folder that holds the files, relative to the study file.")]
    public string Folder { get; set; } = "cifar-10-batches-bin";

    /// <summary>The files in the folder, read in this order; each may be gz, and may then have <c>.gz</c> added to its name.</summary>
    [Required]
    [MinLength(1)]
    [Description("The files to read, in this order; each may be gz, with or without .gz added to its name.")]
    public List<string> Files { get; set; } = ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"];
}

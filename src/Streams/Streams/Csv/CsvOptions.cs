using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ElasticityStream.Streams.Csv;

/// <summary>Options of the source <c>csv</c>. Columns are named as in the file's header.</summary>
public sealed class CsvOptions
{
    /// <summary>The file: comma, tab or semicolon separated, with a header, gz or not; relative to the study file.</summary>
    [Required]
    [Description("The file (comma, tab or semicolon separated, with a header line, gz or not), relative to the study file.")]
    public string File { get; set; } = string.Empty;

    /// <summary>
    /// The column of the label: a number, or with <see cref="Target"/> class or with <see cref="Primary"/> any text. May be absent from the file
    /// where the label follows from <see cref="ClassColumn"/>.
    /// </summary>
    [Required]
    [Description("The column of the label: a number; any text with target: class, or where primary names classes.")]
    public string LabelColumn { get; set; } = "label";

    /// <summary>The columns of the features, in order; empty: all that are not label, class or role.</summary>
    [Description("The columns of the features, in this order; empty: all others.")]
    public List<string> FeatureColumns { get; set; } = [];

    /// <summary>The column of the class that results are judged by; null: the label is the class.</summary>
    [Description("The column of the class by which results are judged; empty: the label is the class.")]
    public string? ClassColumn { get; set; }

    /// <summary>The column that says <c>primary</c> or <c>auxiliary</c>; null: see <see cref="Primary"/>.</summary>
    [Description("The column that says primary or auxiliary; empty: the role follows from the label.")]
    public string? RoleColumn { get; set; }

    /// <summary>
    /// The primary classes: their samples are primary with label 1, all others auxiliary with label 0. Empty: a sample is primary if its
    /// <see cref="RoleColumn"/> says so, or, without one, if its label is 1.
    /// </summary>
    [Description("The primary classes (label 1; all others auxiliary, label 0); empty: label 1 is primary, unless a role column is named.")]
    public List<string> Primary { get; set; } = [];

    /// <summary>What the label stands for.</summary>
    [EnumDataType(typeof(LabelTarget))]
    [Description("What the label is: role (the label column, or 1 and 0 by primary; one output) or class (the index of the class; one output per class).")]
    public LabelTarget Target { get; set; } = LabelTarget.Role;
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ElasticityStream.Streams.Geometry;

/// <summary>Options of the source <c>torus</c>.</summary>
public sealed class TorusOptions : GeometryOptions
{
    /// <summary>What the geodesic distance is.</summary>
    [EnumDataType(typeof(TorusDistance))]
    [Description("The geodesic distance: angle (as in the paper) or arc-length (along the curve).")]
    public TorusDistance Distance { get; set; } = TorusDistance.Angle;
}

namespace ElasticityStream.Host.Live;

/// <summary>Which similarity matrix a viewer looks at.</summary>
/// <param name="Measure">"kernelized" or "relative".</param>
/// <param name="Order">"class" or "cluster"; by class until there is a clustering.</param>
internal sealed record LiveView(string Measure, string Order)
{
    /// <summary>The measures, the one shown first in front.</summary>
    public static readonly string[] Measures = ["kernelized", "relative"];

    /// <summary>The orders, the one shown first in front.</summary>
    public static readonly string[] Orders = ["class", "cluster"];

    /// <summary>Reads a query; null where it names what there is not.</summary>
    public static LiveView? Of(string? measure, string? order)
    {
        var view = new LiveView(measure ?? Measures[0], order ?? Orders[0]);
        return Measures.Contains(view.Measure, StringComparer.Ordinal) && Orders.Contains(view.Order, StringComparer.Ordinal) ? view : null;
    }
}

namespace ElasticityStream.Host.Plots;

/// <summary>What every figure says about where it comes from.</summary>
/// <param name="Study">The study's name.</param>
/// <param name="Model">The model in words, as in "mlp 784-256-1, relu".</param>
public sealed record FigureCaption(string Study, string Model)
{
    /// <summary>The line beneath a title.</summary>
    public override string ToString() => $"{Study}  ·  {Model}";
}

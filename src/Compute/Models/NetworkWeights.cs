using static TorchSharp.torch;

namespace ElasticityStream.Compute.Models;

/// <summary>An immutable copy of all parameters of a module, in the module's order, as float64.</summary>
/// <param name="Parameters">One array a parameter.</param>
public sealed record NetworkWeights(IReadOnlyList<ParameterArray> Parameters)
{
    /// <summary>Copies the parameters out of a module on any device.</summary>
    public static NetworkWeights From(nn.Module module)
    {
        using var scope = NewDisposeScope();
        return new NetworkWeights(
        [
            .. module.named_parameters().Select(p => new ParameterArray(
                p.name, p.parameter.shape, Staging.ToDoubles(p.parameter))),
        ]);
    }

    /// <summary>Overwrites the parameters of a module of the same shape.</summary>
    /// <exception cref="ArgumentException">The module's parameters have other names or shapes.</exception>
    public void CopyTo(nn.Module module)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var parameters = module.named_parameters().ToArray();
        if (parameters.Length != Parameters.Count)
            throw new ArgumentException($"The module has {parameters.Length} parameters, the weights have {Parameters.Count}.", nameof(module));

        foreach (var ((name, parameter), source) in parameters.Zip(Parameters))
        {
            if (name != source.Name || !parameter.shape.AsSpan().SequenceEqual(source.Shape))
            {
                throw new ArgumentException(
                    $"The module's parameter '{name}' [{string.Join(", ", parameter.shape)}] is not the weights' "
                    + $"'{source.Name}' [{string.Join(", ", source.Shape)}].", nameof(module));
            }

            parameter.copy_(Staging.ToTensor(source.Values, (int)source.Shape[0], ScalarType.Float64, CPU).reshape(source.Shape));
        }
    }

    /// <summary>A new module with these weights in place of its own; null leaves it as it is. One that they do not fit is disposed.</summary>
    /// <exception cref="ArgumentException">The module's parameters have other names or shapes.</exception>
    internal static TModule StartFrom<TModule>(NetworkWeights? weights, TModule module)
        where TModule : nn.Module
    {
        try
        {
            weights?.CopyTo(module);
            return module;
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }

    /// <summary>The parameter of a name.</summary>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    public ParameterArray this[string name] => Parameters.FirstOrDefault(p => p.Name == name)
        ?? throw new KeyNotFoundException($"No parameter '{name}'; there are {string.Join(", ", Parameters.Select(p => p.Name))}.");
}

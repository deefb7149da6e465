using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Host.RunFiles;

namespace ElasticityStream.Host.Studies;

/// <summary>Reads the weights that a run saved.</summary>
internal static class SavedWeights
{
    private const string Extension = ".npy";

    /// <summary>Whether a folder of weights holds any.</summary>
    public static bool Exist(string folder) => Directory.Exists(folder) && Directory.EnumerateFiles(folder, $"*{Extension}").Any();

    /// <summary>Reads one file a parameter, for the model of an engine.</summary>
    /// <param name="folder">The folder of weights.</param>
    /// <param name="engine">Creates the model, whose parameters' names and shapes the files must have.</param>
    /// <param name="network">The model in words.</param>
    /// <exception cref="SavedRunException">A file is missing, left over, damaged, or of another shape.</exception>
    public static NetworkWeights Read(string folder, IProbeEngine engine, string network)
    {
        if (!Exist(folder))
            throw new SavedRunException($"'{folder}' holds no weights. A run saves them when it ends; run.json says how this one did.");
        NetworkWeights expected;
        using (var stepper = engine.CreateStepper())
            expected = NetworkWeights.From(stepper.Model);
        var names = expected.Parameters.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        if (Directory.EnumerateFiles(folder, $"*{Extension}").FirstOrDefault(f => !names.Contains(Path.GetFileNameWithoutExtension(f))) is { } left)
            throw new SavedRunException($"'{left}' is no parameter of the study's network, {network}, which has {string.Join(", ", names)}.");
        return new NetworkWeights([.. expected.Parameters.Select(p => Read(folder, p, network))]);
    }

    private static ParameterArray Read(string folder, ParameterArray expected, string network)
    {
        var file = Path.Combine(folder, $"{expected.Name}{Extension}");
        NpyArray<double> array;
        try
        {
            array = NpyFile.Read<double>(file);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new SavedRunException(e is FileNotFoundException ? $"'{file}' is missing: the study's network, {network}, has that parameter." : e.Message, e);
        }

        if (!array.Shape.SequenceEqual(expected.Shape))
        {
            throw new SavedRunException(
                $"'{file}' has the shape {Words(array.Shape)}, but the study's network, {network}, has {Words(expected.Shape)} there.");
        }

        return expected with { Values = array.Values };
    }

    private static string Words(IReadOnlyList<long> shape) => string.Join(" x ", shape);
}

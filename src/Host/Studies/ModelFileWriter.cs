using ElasticityStream.Actors.Accumulation;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Compute.Models;
using ElasticityStream.Host.RunFiles;

namespace ElasticityStream.Host.Studies;

/// <summary>Writes the matrices and weights of one model for NumPy.</summary>
internal static class ModelFileWriter
{
    /// <summary>Writes all of them.</summary>
    /// <param name="files">Where to.</param>
    /// <param name="outcome">What the study measured.</param>
    /// <param name="plan">The study.</param>
    public static void Write(ModelFiles files, StudyOutcome outcome, StudyPlan plan)
    {
        WriteWeights(files.InitialWeights, outcome.InitialWeights);
        WriteWeights(files.FinalWeights, outcome.FinalWeights);
        foreach (var measure in outcome.Measurements.Measures)
            WriteMatrix(files, measure.Similarity, plan.Probes);
        // Beside rows of training steps, each at weights of its own, it would be read as their limit.
        if (plan.RowsFromSweeps && outcome.Measurements.Kernel is { } kernel)
            NpyFile.Write<double>(files.Kernel, kernel.Values, kernel.Distance.Rows, kernel.Distance.Rows);
    }

    private static void WriteWeights(string folder, NetworkWeights weights)
    {
        foreach (var parameter in weights.Parameters)
            NpyFile.Write<double>(Path.Combine(folder, $"{parameter.Name}.npy"), parameter.Values, parameter.Shape);
    }

    private static void WriteMatrix(ModelFiles files, MeasuredSimilarity similarity, ProbeSet probes)
    {
        var name = Names.Of(similarity.Measure);
        var size = similarity.Probes.Length;
        var samples = Array.ConvertAll(similarity.Probes, p => probes.Samples[p]);
        NpyFile.Write<double>(files.Matrix(name), similarity.Values, size, size);
        NpyFile.Write<double>(files.SymmetricMatrix(name), similarity.Symmetrised(), size, size);
        NpyFile.WriteStrings(files.Probes(name, "ids"), Array.ConvertAll(samples, s => s.Id));
        NpyFile.WriteStrings(files.Probes(name, "classes"), Array.ConvertAll(samples, s => s.Class));
        NpyFile.Write<double>(files.Probes(name, "labels"), Array.ConvertAll(samples, s => s.Label), size);
        NpyFile.Write<long>(files.Probes(name, "counts"), similarity.RowCounts, size);
    }
}

using ElasticityStream.Compute.Models;
using ElasticityStream.Host.Configuration;

namespace ElasticityStream.Host.Studies;

/// <summary>What the user calls the models of a study.</summary>
internal static class ModelName
{
    /// <summary>The activation, or "linear".</summary>
    public static string Of(StudyConfiguration study, ModelChoice choice) =>
        study.Model.Type == NetworkKind.Linear ? "linear" : ActivationFunctions.Name(choice.Activation);
}

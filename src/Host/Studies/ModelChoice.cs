using ElasticityStream.Compute.Models;
using ElasticityStream.Host.Configuration;

namespace ElasticityStream.Host.Studies;

/// <summary>In what the main and the contrast model of a study differ.</summary>
/// <param name="Activation">The nonlinearity.</param>
/// <param name="LearningRate">eta, or auto.</param>
/// <param name="Passes">How often the samples are gone through.</param>
internal sealed record ModelChoice(Activation Activation, LearningRateSetting LearningRate, PassesSetting Passes)
{
    /// <summary>The model that the study is about.</summary>
    public static ModelChoice OfStudy(StudyConfiguration study) =>
        new(study.Model.Activation, study.Training.LearningRate, study.Training.Passes);

    /// <summary>The model that it is compared with; null if there is none.</summary>
    public static ModelChoice? OfContrast(StudyConfiguration study) => study.Contrast is { } contrast
        ? new(contrast.Activation, contrast.LearningRate, contrast.Passes ?? study.Training.Passes)
        : null;
}

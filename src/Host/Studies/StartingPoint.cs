using ElasticityStream.Actors.Studies;
using ElasticityStream.Compute.Models;
using ElasticityStream.Host.RunFiles;

namespace ElasticityStream.Host.Studies;

/// <summary>The weights that the models of a study start from, in place of those of its seed.</summary>
/// <param name="Origin">Whose they are.</param>
/// <param name="Main">Gives those of the study's own model, whose plan it is given.</param>
/// <param name="Contrast">Gives those of the contrast; null if there is none.</param>
internal sealed record StartingPoint(WeightsOrigin Origin, Func<StudyPlan, NetworkWeights> Main, Func<StudyPlan, NetworkWeights>? Contrast);

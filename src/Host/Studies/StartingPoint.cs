using ElasticityStream.Compute.Models;
using ElasticityStream.Host.RunFiles;

namespace ElasticityStream.Host.Studies;

/// <summary>The weights that the models of a study start from, in place of those of its seed.</summary>
/// <param name="Origin">Whose they are.</param>
/// <param name="Main">Those of the study's own model.</param>
/// <param name="Contrast">Those of the contrast; null if there is none.</param>
internal sealed record StartingPoint(WeightsOrigin Origin, NetworkWeights Main, NetworkWeights? Contrast);

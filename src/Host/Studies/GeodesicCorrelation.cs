using ElasticityStream.Actors.Accumulation;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Host.Studies;

/// <summary>How similarity falls with the distance along the curve that the samples lie on (He &amp; Su 2020, section 1).</summary>
internal static class GeodesicCorrelation
{
    /// <summary>The Pearson correlation over all ordered pairs i != j of measured probes, on the raw S; null where it is undefined.</summary>
    public static double? Of(MeasuredSimilarity similarity, ProbeSet probes, IGeodesicDistance geodesic)
    {
        var size = similarity.Probes.Length;
        var values = new List<double>();
        var distances = new List<double>();
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                if (i == j)
                    continue;
                values.Add(similarity.Values[(i * size) + j]);
                distances.Add(geodesic.Distance(probes.Samples[similarity.Probes[i]], probes.Samples[similarity.Probes[j]]));
            }
        }

        return PearsonCorrelation.Of(values.ToArray(), distances.ToArray());
    }
}

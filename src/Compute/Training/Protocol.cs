namespace ElasticityStream.Compute.Training;

/// <summary>How the rows of the similarity matrix come about.</summary>
public enum Protocol
{
    /// <summary>Algorithm 1 of He &amp; Su 2020: one SGD step per streamed sample; the step at a probe fills its row.</summary>
    Online,

    /// <summary>All rows from virtual steps at the same frozen weights, as in the paper's released script.</summary>
    Sweep,
}

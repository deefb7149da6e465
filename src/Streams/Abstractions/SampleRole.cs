namespace ElasticityStream;

/// <summary>What a sample is for (He &amp; Su 2020, section 3.1).</summary>
public enum SampleRole
{
    /// <summary>Compared with the other primary samples. Label 1 where the network has one output.</summary>
    Primary,

    /// <summary>Only there so that the network has something to tell the primary samples from. Label 0 where it has one output.</summary>
    Auxiliary,
}

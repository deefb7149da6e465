namespace ElasticityStream.Streams;

/// <summary>What the label of a sample stands for.</summary>
public enum LabelTarget
{
    /// <summary>The role, for a network with one output: primary samples carry 1, auxiliary samples 0.</summary>
    Role,

    /// <summary>The class, for a network with one output per class: the index of the class among the selected ones; every sample is primary.</summary>
    Class,
}

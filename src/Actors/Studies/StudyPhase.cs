namespace ElasticityStream.Actors.Studies;

/// <summary>The phases of a study.</summary>
public enum StudyPhase
{
    /// <summary>Creating the model and choosing the learning rate.</summary>
    Preparing,

    /// <summary>Mini-batch SGD before the study.</summary>
    Pretraining,

    /// <summary>One SGD step a sample, each probed.</summary>
    Training,

    /// <summary>Virtual steps at frozen weights.</summary>
    Sweeping,

    /// <summary>Clustering the whole matrix.</summary>
    Clustering,
}

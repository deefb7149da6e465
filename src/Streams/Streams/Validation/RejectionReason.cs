namespace ElasticityStream.Streams.Validation;

/// <summary>Why a sample was not trained on; a closed set, fit for the tag of a metric.</summary>
public enum RejectionReason
{
    /// <summary>The id is empty.</summary>
    EmptyId,

    /// <summary>The number of features is not the schema's.</summary>
    FeatureCount,

    /// <summary>A feature is NaN or infinite.</summary>
    NonFiniteFeature,

    /// <summary>The label is NaN or infinite.</summary>
    NonFiniteLabel,

    /// <summary>The label is not one that the study's loss allows.</summary>
    LabelOutOfRange,

    /// <summary>The class is not in the schema.</summary>
    UnknownClass,
}

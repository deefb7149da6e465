namespace ElasticityStream.Streams.Validation;

/// <summary>Tells a good sample from a bad one.</summary>
internal sealed class SampleCheck(SampleSchema schema, LabelRange labels)
{
    private readonly int _featureCount = schema.FeatureCount;
    private readonly HashSet<string> _classes = [.. schema.Classes];

    /// <summary>The first fault of a sample; null if there is none.</summary>
    public RejectedSample? FaultOf(Sample sample)
    {
        var features = sample.Features.Span;
        if (string.IsNullOrEmpty(sample.Id))
            return Rejected(RejectionReason.EmptyId, "the id is empty; every sample needs one");
        if (features.Length != _featureCount)
            return Rejected(RejectionReason.FeatureCount, $"it has {features.Length} features; the schema says {_featureCount}");
        for (var i = 0; i < features.Length; i++)
        {
            if (!float.IsFinite(features[i]))
                return Rejected(RejectionReason.NonFiniteFeature, $"feature {i} is {features[i]}; a finite number is needed");
        }

        if (!double.IsFinite(sample.Label))
            return Rejected(RejectionReason.NonFiniteLabel, $"the label is {sample.Label}; allowed: {labels.Allowed}");
        if (!labels.Contains(sample.Label))
            return Rejected(RejectionReason.LabelOutOfRange, $"the label is {sample.Label}; allowed: {labels.Allowed}");
        if (!_classes.Contains(sample.Class))
            return Rejected(RejectionReason.UnknownClass, $"the class is '{sample.Class}'; allowed: {string.Join(", ", _classes)}");
        return null;

        RejectedSample Rejected(RejectionReason reason, string detail) => new(sample.Position, sample.Id, reason, detail);
    }
}

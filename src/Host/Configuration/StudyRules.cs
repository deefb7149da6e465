using System.Net;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Similarity;
using ElasticityStream.Compute.Training;
using ElasticityStream.Host.Telemetry;

namespace ElasticityStream.Host.Configuration;

/// <summary>What must hold between the values of a study, and what its defaults resolve to.</summary>
internal sealed class StudyRules
{
    private readonly StudyConfiguration _study;
    private readonly StudyBinder _binder;
    private readonly List<ConfigurationError> _errors;

    private StudyRules(StudyConfiguration study, StudyBinder binder, List<ConfigurationError> errors)
    {
        _study = study;
        _binder = binder;
        _errors = errors;
    }

    /// <summary>Adds every contradiction between values that are each right.</summary>
    public static void Check(StudyConfiguration study, StudyBinder binder, List<ConfigurationError> errors)
    {
        var rules = new StudyRules(study, binder, errors);
        // Collected first: an error of one rule must not silence another rule.
        errors.AddRange(rules.Hidden().Concat(rules.Convolutions()).Concat(rules.Outputs()).Concat(rules.Probes()).Concat(rules.Passes()).Concat(rules.Telemetry()).Concat(rules.Rest()).ToList());
    }

    /// <summary>Fills in the defaults that depend on other values.</summary>
    public static StudyConfiguration Resolve(StudyConfiguration study)
    {
        var (model, training, similarity) = (study.Model, study.Training, study.Similarity);
        return study with
        {
            Model = model.Type switch
            {
                NetworkKind.Linear => model with { Activation = Activation.Identity },
                NetworkKind.Cnn => model with
                {
                    Hidden = model.Hidden.Count > 0 ? model.Hidden : [ModelSection.DefaultCnnHidden],
                    Channels = model.Channels.Count > 0 ? model.Channels : ModelSection.DefaultChannels,
                    Kernel = model.Kernel ?? ModelSection.DefaultKernel,
                },
                _ => model,
            },
            Training = training.Loss == Loss.Bce ? training : training with { Prediction = Prediction.Logit },
            Similarity = similarity.Rows == RowUpdate.Ewma
                ? similarity with { EwmaWeight = similarity.EwmaWeight ?? SimilaritySection.DefaultEwmaWeight }
                : similarity,
        };
    }

    private IEnumerable<ConfigurationError> Hidden()
    {
        const string At = "model.hidden";
        if (!Sound(At, "model.type"))
            yield break;
        var count = _study.Model.Hidden.Count;
        if (Sound("probe.engine") && ProbeEngine.Refusal(_study.Probe.Engine, _study.Model.Type, count) is { } refusal)
            yield return Error("probe.engine", refusal);
        switch (_study.Model.Type)
        {
            case NetworkKind.Mlp when count == 0:
                yield return Error(At, "required for model.type: mlp, the units of each hidden layer, such as [256]");
                break;
            case NetworkKind.Linear when count > 0:
                yield return Error(At, "not allowed for model.type: linear, which has no hidden layer; leave it out, or state model.type: mlp");
                break;
            case NetworkKind.ResnetMlp when count == 0:
                yield return Error(At, "required for model.type: resnet-mlp, the units of both hidden layers as one number, such as [256]");
                break;
            case NetworkKind.ResnetMlp when count > 1:
                yield return Error(At, $"must be one number for model.type: resnet-mlp, the units of both hidden layers, such as [256]; found {count}");
                break;
            case NetworkKind.Cnn when count > 1:
                yield return Error(At, $"must be one number for model.type: cnn, the units of the hidden layer after the convolutions, such as [128]; found {count}");
                break;
        }
    }

    private IEnumerable<ConfigurationError> Convolutions()
    {
        if (!Sound("model.type"))
            yield break;
        var model = _study.Model;
        if (model.Type != NetworkKind.Cnn)
        {
            var reason = $"not allowed for model.type: {ChoiceNames.Of(model.Type)}, which has no convolution; leave it out, or state model.type: cnn";
            if (Sound("model.channels") && model.Channels.Count > 0)
                yield return Error("model.channels", reason);
            if (Sound("model.kernel") && model.Kernel is not null)
                yield return Error("model.kernel", reason);
        }
        else if (Sound("model.channels") && model.Channels.Count is not 0 and not 2)
        {
            yield return Error(
                "model.channels", $"must be two numbers for model.type: cnn, the feature maps of each convolution, such as [16, 32]; found {model.Channels.Count}");
        }
    }

    private IEnumerable<ConfigurationError> Outputs()
    {
        if (!Sound("model.outputs", "training.loss"))
            yield break;
        var outputs = _study.Model.Outputs;
        if (outputs > 1 && _study.Training.Loss != Loss.CrossEntropy)
            yield return Error("model.outputs", $"{outputs} outputs need training.loss: cross-entropy; with {ChoiceNames.Of(_study.Training.Loss)} it must be 1");
        if (outputs == 1 && _study.Training.Loss == Loss.CrossEntropy)
            yield return Error("model.outputs", "must be the number of classes, 2 or more, for training.loss: cross-entropy");
        if (outputs > 1 && _study.Training.Loss == Loss.CrossEntropy && TargetOfSource() is { } target && target != "class")
            yield return Error("source.options.target", $"must be class for model.outputs: {outputs}, found {target}");
    }

    /// <summary>What the labels of the source mean; null for a source without such an option, whose labels only the run can judge.</summary>
    private string? TargetOfSource()
    {
        if (!Sound("source.type", "source.options.target"))
            return null;
        var options = _study.Source.Options;
        return OptionsKeys.Of(options.GetType()).Find("target")?.Info.GetValue(options) switch
        {
            Enum choice => ChoiceNames.Of(choice),
            string text => text,
            _ => null,
        };
    }

    private IEnumerable<ConfigurationError> Probes()
    {
        if (!Sound("probe.heldOut") || !_study.Probe.HeldOut)
            yield break;
        if (Sound("sweep.every", "training.protocol") && _study.Training.Protocol == Protocol.Online && _study.Sweep.Every is null)
        {
            yield return Error(
                "sweep.every",
                "required for probe.heldOut: true with training.protocol: online, since the rows of probes that are not trained on come from sweeps only");
        }

        if (Sound("probe.count") && _study.Probe.Count is null)
            yield return Error("probe.count", "required for probe.heldOut: true, otherwise every primary sample is held out and none is left to train on");
    }

    private IEnumerable<ConfigurationError> Passes()
    {
        if (!Sound("training.passes"))
            yield break;
        var (passes, contrast) = (_study.Training.Passes, _study.Contrast);
        if (Sound("training.protocol") && _study.Training.Protocol == Protocol.Sweep)
        {
            const string Reason = "unlimited is not allowed for training.protocol: sweep, which trains on nothing; leave it out, or state training.protocol: online";
            if (passes.IsUnlimited)
                yield return Error("training.passes", Reason);
            if (Sound("contrast.passes") && contrast?.Passes is { IsUnlimited: true })
                yield return Error("contrast.passes", Reason);
        }
        else if (passes.IsUnlimited && Sound("contrast") && contrast is not null)
        {
            yield return Error(
                "training.passes",
                "unlimited is not allowed with a contrast, which begins when the study's own model has ended; state a number, or leave contrast out");
        }

        if (Sound("contrast.passes") && contrast?.Passes?.Count > passes.Count)
            yield return Error("contrast.passes", $"expected at most training.passes, which is {passes}, or unlimited, found {contrast.Passes}");
    }

    private IEnumerable<ConfigurationError> Telemetry()
    {
        var telemetry = _study.Telemetry;
        if (Sound("telemetry.address") && !IPAddress.TryParse(telemetry.Address, out _))
            yield return Error("telemetry.address", $"expected an IP address, such as 127.0.0.1 or 0.0.0.0, found {telemetry.Address}");
        if (Sound("telemetry.otlp.endpoint") && telemetry.Otlp.Endpoint is { } endpoint && !OtlpTarget.IsEndpoint(endpoint, out _))
            yield return Error("telemetry.otlp.endpoint", $"expected an address that starts with http:// or https://, such as http://127.0.0.1:4317, found {endpoint}");
    }

    private IEnumerable<ConfigurationError> Rest()
    {
        if (Sound("similarity.ewmaWeight", "similarity.rows") && _study.Similarity is { EwmaWeight: not null, Rows: not RowUpdate.Ewma and var rows })
            yield return Error("similarity.ewmaWeight", $"only allowed for similarity.rows: ewma, found {ChoiceNames.Of(rows)}");
        if (Sound("clustering.methods") && _study.Clustering.Methods.GroupBy(method => method).FirstOrDefault(group => group.Count() > 1) is { } twice)
            yield return Error("clustering.methods", $"{ChoiceNames.Of(twice.Key)} is named twice, expected each method once");
    }

    private bool Sound(params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            if (!_binder.IsSound(path))
                return false;
        }

        return true;
    }

    private ConfigurationError Error(string path, string message) => new(_binder.PlaceOf(path), path, message);
}

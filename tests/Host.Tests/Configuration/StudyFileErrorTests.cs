using ElasticityStream.Host.Configuration;

namespace ElasticityStream.Host.Tests.Configuration;

/// <summary>One wrong study per kind of error, each with the exact message that the user reads.</summary>
public sealed class StudyFileErrorTests
{
    private const string Sources = "cifar10, folded-boxes, mnist, torus";

    [Theory]
    [InlineData("seed: yes", "1:7: seed: expected an integer, found 'yes'")]
    [InlineData("seed: 1.5", "1:7: seed: expected an integer, found '1.5'")]
    [InlineData("seed: '1'", "1:7: seed: expected an integer, found the text '1'")]
    [InlineData("seed: 9223372036854775808", "1:7: seed: expected an integer, at most 9223372036854775807, found '9223372036854775808'")]
    [InlineData("seed:", "1:1: seed: expected an integer, found nothing")]
    [InlineData("seed: [1]", "1:7: seed: expected an integer, found a list")]
    [InlineData("seed: {a: 1}", "1:7: seed: expected an integer, found a section")]
    [InlineData("probe: {heldOut: yes}", "1:18: probe.heldOut: expected true or false, found 'yes'")]
    [InlineData("probe: {evaluators: 0}", "1:21: probe.evaluators: expected an integer from 1 to 256, or null, found '0'")]
    [InlineData("probe: {evaluators: 257}", "1:21: probe.evaluators: expected an integer from 1 to 256, or null, found '257'")]
    [InlineData("probe: {blockSize: 4097}", "1:20: probe.blockSize: expected an integer from 1 to 4096, found '4097'")]
    [InlineData("probe: {credits: 65}", "1:18: probe.credits: expected an integer from 1 to 64, found '65'")]
    [InlineData("probe: {rebaseEvery: 0}", "1:22: probe.rebaseEvery: expected an integer of at least 1, found '0'")]
    [InlineData("probe: {count: 0}", "1:16: probe.count: expected an integer of at least 1, or null, found '0'")]
    [InlineData("probe: {count: 3000000000}", "1:16: probe.count: expected an integer of at least 1, or null, at most 2147483647, found '3000000000'")]
    [InlineData("probe: {engine: delta-foward}", "1:17: probe.engine: expected one of auto, rank-one, delta-forward, full-forward, found 'delta-foward'; did you mean delta-forward?")]
    [InlineData("probe: 3", "1:8: probe: expected a section, found '3'")]
    [InlineData("similarity: {rows: newest}", "1:20: similarity.rows: expected one of latest, mean, ewma, found 'newest'")]
    [InlineData("similarity: {rows: ewma, ewmaWeight: 0}", "1:38: similarity.ewmaWeight: expected a number greater than 0 and at most 1, or null, found '0'")]
    [InlineData("similarity: {rows: ewma, ewmaWeight: .nan}", "1:38: similarity.ewmaWeight: expected a number greater than 0 and at most 1, or null, found '.nan'")]
    [InlineData("sweep: {every: 0}", "1:16: sweep.every: expected an integer of at least 1, or null, found '0'")]
    [InlineData("clustering: {clusters: 1}", "1:24: clustering.clusters: expected an integer of at least 2, or null, found '1'")]
    [InlineData("clustering: {methods: kmeans}", "1:23: clustering.methods: expected a list with values among kmeans, kernel-kmeans, spectral, spectral-normalized, found 'kmeans'; a list of one is written [kmeans]")]
    [InlineData("clustering: {methods: [k-means]}", "1:24: clustering.methods[0]: expected one of kmeans, kernel-kmeans, spectral, spectral-normalized, found 'k-means'; did you mean kmeans?")]
    [InlineData("clustering: {restarts: 0}", "1:24: clustering.restarts: expected an integer of at least 1, found '0'")]
    [InlineData("contrast: {activation: linear}", "1:24: contrast.activation: expected one of relu, leaky-relu, tanh, sigmoid, gelu, identity, found 'linear'")]
    [InlineData("checkpoint: {everySteps: 0}", "1:26: checkpoint.everySteps: expected an integer of at least 1, or null, found '0'")]
    [InlineData("checkpoint: {everyMinutes: 0}", "1:28: checkpoint.everyMinutes: expected a number from 0.001 to 100000, or null, found '0'")]
    [InlineData("checkpoint: {everyMinutes: -1}", "1:28: checkpoint.everyMinutes: expected a number from 0.001 to 100000, or null, found '-1'")]
    [InlineData("checkpoint: {keep: 0}", "1:20: checkpoint.keep: expected an integer from 1 to 1000, found '0'")]
    [InlineData("checkpoint: {keep: 1001}", "1:20: checkpoint.keep: expected an integer from 1 to 1000, found '1001'")]
    [InlineData("checkpoint: {keep: null}", "1:20: checkpoint.keep: expected an integer from 1 to 1000, found nothing")]
    [InlineData("checkpoint: {keepEvery: 0}", "1:25: checkpoint.keepEvery: expected an integer of at least 1, or null, found '0'")]
    [InlineData("recovery: {maxRewinds: -1}", "1:24: recovery.maxRewinds: expected an integer from 0 to 1000, found '-1'")]
    [InlineData("recovery: {maxRewinds: 1001}", "1:24: recovery.maxRewinds: expected an integer from 0 to 1000, found '1001'")]
    [InlineData("recovery: {stuckAfterMinutes: 0}", "1:31: recovery.stuckAfterMinutes: expected a number from 0.001 to 100000, or null, found '0'")]
    [InlineData("output: {directory: ''}", "1:21: output.directory: expected text of at least 1 character, found the text ''")]
    [InlineData("output: {directory: null}", "1:21: output.directory: expected text of at least 1 character, found nothing")]
    [InlineData("output: {directory: [a]}", "1:21: output.directory: expected text of at least 1 character, found a list")]
    public void A_value_that_is_not_allowed_is_named_with_what_is(string line, string expected) =>
        Assert.Equal([$"study.yaml:{expected}"], Errors($"{line}\n{Studies.Smallest}"));

    [Theory]
    [InlineData("name: a b", "name: expected a name of 1 to 100 letters, digits, - and _, found 'a b'")]
    [InlineData("name: \"a\\n\"", "name: expected a name of 1 to 100 letters, digits, - and _, found the text 'a '")]
    [InlineData("source: {type: mnits}", "source.type: expected one of " + Sources + ", found 'mnits'; did you mean mnist?")]
    [InlineData("source: {type: video}", "source.type: expected one of " + Sources + ", found 'video'")]
    [InlineData("source: {type: mnist, options: {primaryPerClass: 0}}", "source.options.primaryPerClass: expected an integer of at least 1, or null, found '0'")]
    [InlineData("source: {type: mnist, options: {primry: [5]}}", "source.options.primry: unknown key, did you mean primary? allowed: primary, auxiliary, primaryPerClass, auxiliaryPerClass, scaling, target")]
    [InlineData("source: {type: mnist, options: [5]}", "source.options: expected a section, found a list")]
    [InlineData("source: {type: cifar10}", "source.options.folder: missing, expected text of at least 1 character")]
    [InlineData("source: {type: cifar10, options: {folder: a, files: []}}", "source.options.files: expected a list of texts, at least 1 of them, found a list")]
    [InlineData("source: {type: mnist, maxRejectedFraction: 1.5}", "source.maxRejectedFraction: expected a number from 0 to 1, found '1.5'")]
    [InlineData("source: {type: mnist, retries: -1}", "source.retries: expected an integer from 0 to 1000, found '-1'")]
    [InlineData("source: {type: mnist, retries: 1001}", "source.retries: expected an integer from 0 to 1000, found '1001'")]
    [InlineData("model: {type: rnn, hidden: [3]}", "model.type: expected one of linear, mlp, cnn, resnet-mlp, found 'rnn'; did you mean cnn?")]
    [InlineData("model: {type: cnn, channels: [4, 0]}", "model.channels[1]: expected an integer from 1 to 65536, found '0'")]
    [InlineData("model: {type: cnn, channels: 8}", "model.channels: expected a list of integers, each from 1 to 65536, found '8'; a list of one is written [8]")]
    [InlineData("model: {type: cnn, kernel: 0}", "model.kernel: expected an integer from 1 to 1024, or null, found '0'")]
    [InlineData("model: {type: cnn, kernel: [5, 5]}", "model.kernel: expected an integer from 1 to 1024, or null, found a list")]
    [InlineData("model: {type: mlp, hidden: [3, 0]}", "model.hidden[1]: expected an integer from 1 to 1048576, found '0'")]
    [InlineData("model: {type: mlp, hidden: 3}", "model.hidden: expected a list of integers, each from 1 to 1048576, found '3'; a list of one is written [3]")]
    [InlineData("model: {type: mlp, hidden: [3], activation: rellu}", "model.activation: expected one of relu, leaky-relu, tanh, sigmoid, gelu, identity, found 'rellu'; did you mean relu?")]
    [InlineData("model: {type: mlp, hidden: [3], activation: ReLU}", "model.activation: expected one of relu, leaky-relu, tanh, sigmoid, gelu, identity, found 'ReLU'; did you mean relu?")]
    [InlineData("model: {type: mlp, hidden: [3], outputs: 0}", "model.outputs: expected an integer from 1 to 1048576, found '0'")]
    [InlineData("training: {learningRate: 0}", "training.learningRate: expected a number greater than 0, or auto, found '0'")]
    [InlineData("training: {learningRate: aut}", "training.learningRate: expected a number greater than 0, or auto, found 'aut'; did you mean auto?")]
    [InlineData("training: {learningRate: 1e999}", "training.learningRate: expected a number greater than 0, or auto, found '1e999'")]
    [InlineData("training: {learningRate: 1, passes: 0}", "training.passes: expected an integer of at least 1, or unlimited, found '0'")]
    [InlineData("training: {learningRate: 1, passes: 1.5}", "training.passes: expected an integer of at least 1, or unlimited, found '1.5'")]
    [InlineData("training: {learningRate: 1, passes: unlimitd}", "training.passes: expected an integer of at least 1, or unlimited, found 'unlimitd'; did you mean unlimited?")]
    [InlineData("training: {learningRate: 1, passes: 'unlimited'}", "training.passes: expected an integer of at least 1, or unlimited, found the text 'unlimited'; did you mean unlimited?")]
    [InlineData("training: {learningRate: 1, passes: null}", "training.passes: expected an integer of at least 1, or unlimited, found nothing")]
    [InlineData("training: {learningRate: 1, passes: 3000000000}", "training.passes: expected an integer of at least 1, or unlimited, at most 2147483647, found '3000000000'")]
    [InlineData("training: {learningRate: 1, passes: -3000000000}", "training.passes: expected an integer of at least 1, or unlimited, found '-3000000000'")]
    [InlineData("contrast: {passes: forever}", "contrast.passes: expected an integer of at least 1, or unlimited, or null, found 'forever'")]
    [InlineData("training: {learningRate: 1, pretraining: {epochs: unlimited}}", "training.pretraining.epochs: expected an integer of at least 0, found 'unlimited'")]
    [InlineData("training: {learningRate: 1, protocol: offline}", "training.protocol: expected one of online, sweep, found 'offline'; did you mean online?")]
    [InlineData("training: {learningRate: 1, loss: crossentropy}", "training.loss: expected one of mse, bce, cross-entropy, found 'crossentropy'; did you mean cross-entropy?")]
    [InlineData("training: {learningRate: 1, pretraining: {learningRate: 0}}", "training.pretraining.learningRate: expected a number greater than 0, found '0'")]
    [InlineData("training: {learningRate: 1, pretraining: {batchSize: 0}}", "training.pretraining.batchSize: expected an integer of at least 1, found '0'")]
    [InlineData("training: {learningRate: 1, pretraining: {epochs: -1}}", "training.pretraining.epochs: expected an integer of at least 0, found '-1'")]
    public void A_required_section_is_checked_as_any_other(string line, string expected) =>
        Assert.Equal([expected], ErrorsOf(Studies.Replacing(line)));

    [Theory]
    [InlineData("sead: 2", "1:1: sead: unknown key, did you mean seed? allowed: name, seed, source, model, training, probe, similarity, sweep, clustering, contrast, checkpoint, recovery, output, telemetry")]
    [InlineData("colour: 2", "1:1: colour: unknown key; allowed: name, seed, source, model, training, probe, similarity, sweep, clustering, contrast, checkpoint, recovery, output, telemetry")]
    [InlineData("<<: {seed: 2}", "1:1: <<: unknown key; allowed: name, seed, source, model, training, probe, similarity, sweep, clustering, contrast, checkpoint, recovery, output, telemetry")]
    [InlineData("probe: {rebase_every: 2}", "1:9: probe.rebase_every: unknown key, did you mean rebaseEvery? allowed: count, heldOut, engine, evaluators, blockSize, credits, rebaseEvery")]
    [InlineData("checkpoint: {every: 100}", "1:14: checkpoint.every: unknown key; allowed: everySteps, everyMinutes, keep, keepEvery")]
    [InlineData("recovery: {maxRewind: 1}", "1:12: recovery.maxRewind: unknown key, did you mean maxRewinds? allowed: maxRewinds, stuckAfterMinutes")]
    [InlineData("output: {\n  dir: a }", "2:3: output.dir: unknown key; allowed: directory, recordEvery, keepSteps, keepRecords, window")]
    public void A_misspelt_key_is_named_with_the_key_that_was_meant(string line, string expected) =>
        Assert.Equal([$"study.yaml:{expected}"], Errors($"{line}\n{Studies.Smallest}"));

    [Fact]
    public void A_misspelt_required_key_is_not_called_missing_too() => Assert.Equal(
        ["training.learnigRate: unknown key, did you mean learningRate? allowed: protocol, loss, prediction, learningRate, passes, shuffle, pretraining"],
        ErrorsOf(Studies.Replacing("training: {learnigRate: 0.1}")));

    [Theory]
    [InlineData("seed: 1\nseed: 2", "2:1: seed: stated twice, the first time on line 1")]
    [InlineData("probe: {credits: 1,\n credits: 2}", "2:2: probe.credits: stated twice, the first time on line 1")]
    public void A_key_stated_twice_is_an_error_at_the_second_place(string text, string expected) =>
        Assert.Equal([$"study.yaml:{expected}"], Errors($"{text}\n{Studies.Smallest}"));

    [Fact]
    public void Missing_keys_are_named_at_the_section_that_lacks_them() => Assert.Equal(
        [
            "study.yaml:1:1: name: missing, expected a name of 1 to 100 letters, digits, - and _",
            "study.yaml:1:1: source.type: missing, expected one of " + Sources,
            "study.yaml:2:1: model.type: missing, expected one of linear, mlp, cnn, resnet-mlp",
            "study.yaml:3:1: training.learningRate: missing, expected a number greater than 0, or auto",
        ],
        Errors("seed: 1\nmodel: {bias: true}\ntraining:\n  passes: 2\n"));

    [Theory]
    [InlineData("model: {type: mlp}", "model.hidden: required for model.type: mlp, the units of each hidden layer, such as [256]")]
    [InlineData("model: {type: mlp, hidden: []}", "model.hidden: required for model.type: mlp, the units of each hidden layer, such as [256]")]
    [InlineData("model: {type: linear, hidden: [4]}", "model.hidden: not allowed for model.type: linear, which has no hidden layer; leave it out, or state model.type: mlp")]
    [InlineData("model: {type: linear, channels: [2, 4]}", "model.channels: not allowed for model.type: linear, which has no convolution; leave it out, or state model.type: cnn")]
    [InlineData("model: {type: resnet-mlp, hidden: [8], kernel: 3}", "model.kernel: not allowed for model.type: resnet-mlp, which has no convolution; leave it out, or state model.type: cnn")]
    [InlineData("model: {type: cnn, channels: [2]}", "model.channels: must be two numbers for model.type: cnn, the feature maps of each convolution, such as [16, 32]; found 1")]
    [InlineData("model: {type: cnn, channels: [2, 3, 4]}", "model.channels: must be two numbers for model.type: cnn, the feature maps of each convolution, such as [16, 32]; found 3")]
    [InlineData("model: {type: cnn, hidden: [64, 32]}", "model.hidden: must be one number for model.type: cnn, the units of the hidden layer after the convolutions, such as [128]; found 2")]
    [InlineData("model: {type: resnet-mlp}", "model.hidden: required for model.type: resnet-mlp, the units of both hidden layers as one number, such as [256]")]
    [InlineData("model: {type: resnet-mlp, hidden: [64, 64]}", "model.hidden: must be one number for model.type: resnet-mlp, the units of both hidden layers, such as [256]; found 2")]
    [InlineData("model: {type: linear, outputs: 3}", "model.outputs: 3 outputs need training.loss: cross-entropy; with mse it must be 1")]
    [InlineData("training: {learningRate: 1, loss: cross-entropy}", "model.outputs: must be the number of classes, 2 or more, for training.loss: cross-entropy")]
    [InlineData("model: {type: linear, outputs: 3}\ntraining: {learningRate: 1, loss: cross-entropy}", "source.options.target: must be class for model.outputs: 3, found role")]
    [InlineData("probe: {heldOut: true, count: 5}", "sweep.every: required for probe.heldOut: true with training.protocol: online, since the rows of probes that are not trained on come from sweeps only")]
    [InlineData("probe: {heldOut: true}\nsweep: {every: 100}", "probe.count: required for probe.heldOut: true, otherwise every primary sample is held out and none is left to train on")]
    [InlineData("similarity: {ewmaWeight: 0.5}", "similarity.ewmaWeight: only allowed for similarity.rows: ewma, found latest")]
    [InlineData("contrast: {passes: 2}", "contrast.passes: expected at most training.passes, which is 1, or unlimited, found 2")]
    [InlineData("contrast: {}\ntraining: {learningRate: 1, passes: unlimited}", "training.passes: unlimited is not allowed with a contrast, which begins when the study's own model has ended; state a number, or leave contrast out")]
    [InlineData("contrast: {passes: 2}\ntraining: {learningRate: 1, passes: unlimited}", "training.passes: unlimited is not allowed with a contrast, which begins when the study's own model has ended; state a number, or leave contrast out")]
    [InlineData("training: {learningRate: 1, passes: unlimited, protocol: sweep}", "training.passes: unlimited is not allowed for training.protocol: sweep, which trains on nothing; leave it out, or state training.protocol: online")]
    [InlineData("contrast: {passes: unlimited}\ntraining: {learningRate: 1, protocol: sweep}", "contrast.passes: unlimited is not allowed for training.protocol: sweep, which trains on nothing; leave it out, or state training.protocol: online")]
    [InlineData("clustering: {methods: [kmeans, kmeans]}", "clustering.methods: kmeans is named twice, expected each method once")]
    public void Values_that_contradict_each_other_are_refused_with_the_reason(string lines, string expected) =>
        Assert.Equal([expected], ErrorsOf(Studies.Replacing(lines)));

    [Theory]
    [InlineData("probe: {heldOut: true, count: 5}\nsweep: {every: 100}")]
    [InlineData("probe: {heldOut: true, count: 5}\ntraining: {learningRate: 1, protocol: sweep}")]
    [InlineData("model: {type: linear, outputs: 3}\ntraining: {learningRate: 1, loss: cross-entropy}\nsource: {type: mnist, options: {target: class}}")]
    [InlineData("model: {type: linear, outputs: 2}\ntraining: {learningRate: 1, loss: cross-entropy}\nsource: {type: torus}")]
    [InlineData("model: {type: cnn}")]
    [InlineData("model: {type: cnn, channels: [8, 16], kernel: 3, hidden: [64]}")]
    [InlineData("model: {type: resnet-mlp, hidden: [64]}")]
    [InlineData("contrast: {passes: 2}\ntraining: {learningRate: 1, passes: 2}")]
    [InlineData("contrast: {passes: unlimited}\ntraining: {learningRate: 1, passes: 2}")]
    [InlineData("training: {learningRate: 1, passes: unlimited}")]
    [InlineData("contrast: null\ntraining: {learningRate: 1, passes: unlimited, shuffle: false}")]
    [InlineData("similarity: {rows: ewma, ewmaWeight: 1}")]
    [InlineData("clustering: {methods: []}")]
    [InlineData("checkpoint: {everySteps: 1000, everyMinutes: null, keep: 1, keepEvery: 3}\nrecovery: {maxRewinds: 0, stuckAfterMinutes: null}")]
    [InlineData("checkpoint: {everySteps: null, everyMinutes: null}")]
    [InlineData("checkpoint:\nrecovery:")]
    [InlineData("probe:\nclustering:\nsource: {type: mnist, options: }")]
    public void Values_that_fit_each_other_are_accepted(string lines) => Assert.Empty(ErrorsOf(Studies.Replacing(lines)));

    [Fact]
    public void A_rule_is_not_applied_to_a_value_that_is_wrong_itself() => Assert.Equal(
        ["similarity.rows: expected one of latest, mean, ewma, found 'ewmaa'; did you mean ewma?"],
        ErrorsOf(Studies.Replacing("similarity: {rows: ewmaa, ewmaWeight: 0.5}")));

    [Fact]
    public void All_errors_are_reported_at_once_in_the_order_of_the_file()
    {
        const string Text =
            """
            name: 'x y'
            source:
              type: mnist
              options:
                primary: 5
                scaling: bigger
            model:
              type: mlp
              hiden: [256]
              activation: rellu
            training:
              learningRate: -1
              passes: 0
            contrast:
              passes: many
            clustering:
              methods: [kmeans, dbscan]
            """;

        Assert.Equal(
            [
                "study.yaml:1:7: name: expected a name of 1 to 100 letters, digits, - and _, found the text 'x y'",
                "study.yaml:5:14: source.options.primary: expected a list of texts, found '5'; a list of one is written [5]",
                "study.yaml:6:14: source.options.scaling: expected one of unit, symmetric, found 'bigger'",
                "study.yaml:9:3: model.hiden: unknown key, did you mean hidden? allowed: type, hidden, channels, kernel, activation, bias, outputs",
                "study.yaml:10:15: model.activation: expected one of relu, leaky-relu, tanh, sigmoid, gelu, identity, found 'rellu'; did you mean relu?",
                "study.yaml:12:17: training.learningRate: expected a number greater than 0, or auto, found '-1'",
                "study.yaml:13:11: training.passes: expected an integer of at least 1, or unlimited, found '0'",
                "study.yaml:15:11: contrast.passes: expected an integer of at least 1, or unlimited, or null, found 'many'",
                "study.yaml:17:21: clustering.methods[1]: expected one of kmeans, kernel-kmeans, spectral, spectral-normalized, found 'dbscan'",
            ],
            Errors(Text));
    }

    private static string[] Errors(string text) =>
        [.. StudyFile.Parse(text, "study.yaml", [], TestSources.Declared).Errors.Select(error => error.ToString())];

    /// <summary>Without the places.</summary>
    private static string[] ErrorsOf(string text) =>
        [.. StudyFile.Parse(text, "study.yaml", [], TestSources.Declared).Errors.Select(error => $"{error.Path}: {error.Message}")];
}

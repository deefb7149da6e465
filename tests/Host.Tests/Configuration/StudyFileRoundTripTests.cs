using CsCheck;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Similarity;
using ElasticityStream.Compute.Training;
using ElasticityStream.Host.Configuration;

namespace ElasticityStream.Host.Tests.Configuration;

public sealed class StudyFileRoundTripTests
{
    [Fact]
    public void The_written_study_states_every_key() => Assert.Equal(
        """
        name: small
        seed: 1
        source:
          type: mnist
          options:
            primary: []
            auxiliary: []
            primaryPerClass: null
            auxiliaryPerClass: null
            scaling: unit
            target: role
          maxRejectedFraction: 0.01
          retries: 5
        model:
          type: mlp
          hidden: [8]
          channels: []
          kernel: null
          activation: relu
          bias: true
          outputs: 1
        training:
          protocol: online
          loss: mse
          prediction: logit
          learningRate: 0.1
          passes: 1
          shuffle: true
          pretraining:
            epochs: 0
            batchSize: 32
            learningRate: 0.01
        probe:
          count: null
          heldOut: false
          engine: auto
          evaluators: null
          blockSize: 32
          credits: 3
          rebaseEvery: 4096
        similarity:
          rows: latest
          ewmaWeight: null
        sweep:
          every: null
          ntk: true
        clustering:
          clusters: null
          methods: [kmeans, kernel-kmeans]
          restarts: 20
          every: null
          neighbors: 5
          vectors: null
        contrast: null
        checkpoint:
          everySteps: null
          everyMinutes: 10
          keep: 2
          keepEvery: null
        recovery:
          maxRewinds: 3
          stuckAfterMinutes: 30
        output:
          directory: runs
          recordEvery: 100
          keepSteps: 1000000
          keepRecords: 10000
          window: 1000
        telemetry:
          serve: true
          address: "127.0.0.1"
          port: 9464
          otlp:
            endpoint: null
            protocol: null
            metricInterval: null
          traceFraction: null
          consoleLevel: warning

        """.ReplaceLineEndings("\n"),
        StudyFile.ToYaml(Read(Studies.Smallest)));

    [Fact]
    public void Defaults_that_depend_on_other_values_are_resolved()
    {
        var linear = Read(Studies.Replacing("model: {type: linear}\ntraining: {learningRate: auto, loss: bce}\nsimilarity: {rows: ewma}"));

        Assert.Equal(Activation.Identity, linear.Model.Activation);
        Assert.Equal(Prediction.Probability, linear.Training.Prediction);
        Assert.Equal(0.1, linear.Similarity.EwmaWeight);
        Assert.Equal(Prediction.Logit, Read(Studies.Replacing("training: {learningRate: 1, loss: mse, prediction: probability}")).Training.Prediction);
    }

    [Theory]
    [InlineData("model: {type: cnn}", "hidden: [128]\n  channels: [16, 32]\n  kernel: 5\n")]
    [InlineData("model: {type: cnn, hidden: [64], channels: [8, 16], kernel: 3}", "hidden: [64]\n  channels: [8, 16]\n  kernel: 3\n")]
    [InlineData("model: {type: resnet-mlp, hidden: [64]}", "hidden: [64]\n  channels: []\n  kernel: null\n")]
    public void Layers_that_a_network_has_by_default_are_stated(string model, string expected)
    {
        var yaml = StudyFile.ToYaml(Read(Studies.Replacing(model)));
        Assert.Contains(expected, yaml, StringComparison.Ordinal);
        Assert.Equal(yaml, StudyFile.ToYaml(Read(yaml)));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("true")]
    [InlineData("No")]
    [InlineData("1e5")]
    [InlineData(".inf")]
    [InlineData("2024-01-01")]
    [InlineData("a: b # c")]
    [InlineData("[x]")]
    [InlineData(" padded ")]
    [InlineData("two\nlines\r\n\ttab")]
    [InlineData("quotes \" and ' and \\ and $")]
    [InlineData("größe 数 😀 \u0085\u2028\uFEFF\u0001")]
    public void Text_of_any_kind_is_written_so_that_it_reads_back(string text)
    {
        var study = Read(Studies.Smallest);
        var written = study with { Source = study.Source with { Options = new DeclaredSource.DigitOptions { Primary = [text, "b"] } } };

        Assert.Equal([text, "b"], Assert.IsType<DeclaredSource.DigitOptions>(Read(StudyFile.ToYaml(written)).Source.Options).Primary);
    }

    [Fact]
    public void Any_study_reads_back_to_an_equal_one() =>
        AnyStudy.Sample(
            study =>
            {
                var again = Read(StudyFile.ToYaml(study));
                Assert.Equal(study, again);
                Assert.Equivalent(study, again, strict: true);
            },
            iter: 300);

    [Fact]
    public void Studies_that_differ_in_a_list_or_in_an_option_of_the_source_are_not_equal()
    {
        var study = Read(Studies.Smallest);

        Assert.NotEqual(study, study with { Model = study.Model with { Hidden = [9] } });
        Assert.NotEqual(study, study with { Source = study.Source with { Options = new DeclaredSource.DigitOptions { Primary = ["5"] } } });
        Assert.Equal(study.GetHashCode(), (study with { Model = study.Model with { Hidden = [8] } }).GetHashCode());
    }

    [Fact]
    public void A_study_is_written_to_a_stream_that_stays_open_and_to_a_file()
    {
        var study = Read(Studies.Smallest);
        var folder = Directory.CreateTempSubdirectory("study-");
        try
        {
            var path = Path.Combine(folder.FullName, "study.yaml");
            using var stream = new MemoryStream();
            StudyFile.Write(study, stream);
            StudyFile.Write(study, path);

            Assert.True(stream.CanWrite);
            Assert.Equal(stream.ToArray(), File.ReadAllBytes(path));
            Assert.Equal(study, StudyFile.Load(path, [], TestSources.Declared).Configuration);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Gen<StudyConfiguration> AnyStudy =>
        from seed in Gen.Long
        from rate in Gen.Double[1e-300, 1e300]
        from isAuto in Gen.Bool
        from hidden in Gen.Int[1, 1048576].Array[1, 4]
        from activation in Gen.Enum<Activation>()
        from weight in Gen.Double[1e-12, 1]
        from isEwma in Gen.Bool
        from count in Gen.Int[1, int.MaxValue].Nullable()
        from classes in Gen.String.Where(text => !text.Any(char.IsSurrogate)).List[0, 3]
        from distance in Gen.Enum<DeclaredSource.Distance>()
        from every in Gen.Long[1, long.MaxValue].Nullable()
        from hasContrast in Gen.Bool
        from passes in Gen.Int[1, int.MaxValue].Nullable()
        from retries in Gen.Int[0, 1000]
        from minutes in Gen.Double[0.001, 100_000].Nullable()
        from keep in Gen.Int[1, 1000]
        let study = Read(Studies.Smallest)
        let ofContrast = passes is { } number ? PassesSetting.Of(number) : PassesSetting.Unlimited
        let chosen = isAuto ? LearningRateSetting.Auto : LearningRateSetting.Fixed(rate)
        select study with
        {
            Seed = seed,
            Source = hasContrast
                ? study.Source with { Options = new DeclaredSource.DigitOptions { Primary = classes, PrimaryPerClass = count }, MaxRejectedFraction = weight, Retries = retries }
                : study.Source with { Type = "torus", Options = new DeclaredSource.TorusOptions { Distance = distance, Seed = seed } },
            Model = study.Model with { Hidden = hidden, Activation = activation },
            Training = study.Training with { LearningRate = chosen, Passes = hasContrast ? PassesSetting.Of(passes ?? 1) : ofContrast, Pretraining = new PretrainingSection { LearningRate = rate } },
            Probe = new ProbeSection { Count = count },
            Sweep = new SweepSection { Every = every },
            Similarity = isEwma ? new SimilaritySection { Rows = RowUpdate.Ewma, EwmaWeight = weight } : new SimilaritySection(),
            Checkpoint = new CheckpointSection { EverySteps = every, EveryMinutes = minutes, Keep = keep, KeepEvery = count },
            Recovery = new RecoverySection { MaxRewinds = retries, StuckAfterMinutes = minutes },
            Contrast = hasContrast ? new ContrastSection { Activation = activation, LearningRate = chosen, Passes = isEwma ? ofContrast : null } : null,
        };

    private static StudyConfiguration Read(string text)
    {
        var result = StudyFile.Parse(text, "s.yaml", [], TestSources.Declared);
        Assert.Empty(result.Errors);
        return result.Configuration!;
    }
}

using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Probing.RankOne;
using ElasticityStream.Compute.Training;
using TorchSharp;

namespace ElasticityStream.Benchmarks;

/// <summary>What a step costs the trainer and one shard of 500 probes for each activation, and for ten outputs, as multiples of ReLU with one output.</summary>
internal static class ActivationComparison
{
    private const int Probes = 500;
    private const int Width = 1024;
    private const int Repetitions = 10;

    public static void Run(ComparisonOptions options)
    {
        torch.set_num_threads(1);
        var study = new RandomStudy(RankOneComparison.Inputs, Probes, samples: 32 * options.Block);
        (Activation Activation, int Outputs)[] cases = [(Activation.Relu, 1), .. Enum.GetValues<Activation>().Skip(1).Select(a => (a, 1)), (Activation.Relu, 10)];
        var candidates = cases.SelectMany(c => Candidates(study, c.Activation, c.Outputs, options.Block)).ToArray();
        var seconds = SideBySide.Medians(options.Rounds, candidates);
        Console.WriteLine($"h = {Width}, d = {RankOneComparison.Inputs}, {Probes} probes, one thread, blocks of {options.Block} steps, medians of {options.Rounds} rounds");
        Console.WriteLine();
        Console.WriteLine($"{"activation",12}{"outputs",9}{"trainer, us",14}{"x relu",9}{"shard, us",12}{"x relu",9}");
        foreach (var (at, (activation, outputs)) in cases.Index())
        {
            var (trainer, shard) = (seconds[2 * at], seconds[(2 * at) + 1]);
            Console.WriteLine(
                $"{ActivationFunctions.Name(activation),12}{outputs,9}{1e6 * trainer,14:f1}{trainer / seconds[0],9:f1}{1e6 * shard,12:f1}{shard / seconds[1],9:f1}");
        }
    }

    // The steppers and shards live as long as the program.
    private static Func<double>[] Candidates(RandomStudy study, Activation activation, int outputs, int block)
    {
        var network = new NetworkSpec(NetworkKind.Mlp, RankOneComparison.Inputs, [Width], outputs, activation, Bias: true);
        var engine = new RankOneEngine(network, new LossFunction(outputs == 1 ? Loss.Mse : Loss.CrossEntropy, Prediction.Logit), torch.CPU, seed: 1);
        var stepper = engine.CreateStepper();
        stepper.LearningRate = RankOneComparison.Rate;
        var shard = engine.CreateShard(study.Probes, Probes);
        shard.Load(NetworkWeights.From(stepper.Model));
        var updates = Step().Updates;
        return [() => SideBySide.Timed(() => Repeat(() => Step())), () => SideBySide.Timed(() => Repeat(() => shard.Perturb(updates)))];

        SteppedBlock Step()
        {
            var (features, labels) = study.Next(block);
            return stepper.Step(features.Span, labels.Span, apply: true);
        }

        int Repeat(Action act)
        {
            for (var i = 0; i < Repetitions; i++)
                act();
            return Repetitions * block;
        }
    }
}

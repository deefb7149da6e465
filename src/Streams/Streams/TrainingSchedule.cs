using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace ElasticityStream.Streams;

/// <summary>Puts the samples of a source in the order of training and cuts that order into blocks.</summary>
internal sealed class TrainingSchedule(ISampleSource source, TrainingStreamOptions options)
{
    /// <summary>The blocks from the options' start to the end of the last pass, if there is one; made one at a time, when asked for.</summary>
    /// <exception cref="SampleSourceException">The source fails, or emits nothing to train on.</exception>
    public async IAsyncEnumerable<SampleBlock> BlocksAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var firstStep = options.Start.Step;
        var block = ImmutableArray.CreateBuilder<ScheduledSample>(options.BlockSize);
        await foreach (var sample in options.Shuffle ? ShuffledAsync(cancellationToken) : InSourceOrderAsync(cancellationToken))
        {
            block.Add(sample);
            if ((firstStep + block.Count) % options.BlockSize == 0)
                yield return Cut();
        }

        if (block.Count > 0)
            yield return Cut();

        SampleBlock Cut()
        {
            var cut = new SampleBlock(firstStep, block.ToImmutable());
            firstStep += block.Count;
            block.Clear();
            return cut;
        }
    }

    private async IAsyncEnumerable<ScheduledSample> ShuffledAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var set = await SampleSet.LoadAsync(source, cancellationToken);
        var samples = set.Samples.Where(IsTrainedOn).ToArray();
        if (samples.Length == 0)
            throw NothingToTrainOn();
        var start = options.Start;
        foreach (var pass in Passes())
        {
            var order = PassOrder.Permutation(samples.Length, options.Seed, pass);
            for (var i = start.IndexInPass; i < order.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return new ScheduledSample(samples[order[i]], pass, i);
            }

            start = TrainingPosition.Start;
        }
    }

    private async IAsyncEnumerable<ScheduledSample> InSourceOrderAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var start = options.Start;
        foreach (var pass in Passes())
        {
            var index = start.IndexInPass;
            await foreach (var sample in source.OpenAsync(start.SourcePosition, cancellationToken))
            {
                if (IsTrainedOn(sample))
                    yield return new ScheduledSample(sample, pass, index++);
            }

            if (index == 0)
                throw NothingToTrainOn();
            start = TrainingPosition.Start;
        }
    }

    /// <summary>
    /// The numbers of the passes from the start on. Without an end a few samples can be gone through more often than an int can count: from there on
    /// every pass has the last number, and with it the order of that pass, instead of ending the study or beginning with the first again.
    /// </summary>
    private IEnumerable<int> Passes()
    {
        for (var pass = options.Start.Pass; options.Passes is not { } passes || pass < passes; pass = pass < int.MaxValue ? pass + 1 : pass)
            yield return pass;
    }

    private bool IsTrainedOn(Sample sample) => !options.ExcludedIds.Contains(sample.Id);

    private SampleSourceException NothingToTrainOn() => new(
        options.ExcludedIds.Count > 0
            ? $"The source emits no sample to train on beside the {options.ExcludedIds.Count} that are held out as probes; at least one " +
                "is needed."
            : "The source emits no sample to train on; at least one is needed.");
}

using Akka.Actor;
using ElasticityStream.Actors.Messages;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Streams;

namespace ElasticityStream.Actors.Training;

/// <summary>
/// Asks the evaluators for the pre-activations of samples that are their probes, and puts them together: B x h. One block at a time.
/// </summary>
/// <param name="probes">The probe set.</param>
/// <param name="evaluators">Each with its shard of the probes.</param>
internal sealed class HandOver(ProbeSet probes, IReadOnlyList<IActorRef> evaluators)
{
    private readonly List<int>[] _rows = [.. evaluators.Select(_ => new List<int>())];
    private int[] _probes = [];
    private float[] _preActivations = [];
    private long? _label;
    private int _awaited;

    /// <summary>Whether no evaluator owes an answer.</summary>
    public bool IsComplete => _awaited == 0;

    /// <summary>The samples of the block, as indices of probes.</summary>
    public int[] Probes => _probes;

    /// <summary>B x h, row-major.</summary>
    public float[] PreActivations => _preActivations;

    /// <summary>Whether the block that begins with a step was asked for last.</summary>
    public bool IsFor(long firstStep) => firstStep == _label;

    /// <summary>Goes on from what was handed over for the block that begins with a step.</summary>
    public void Restore(long firstStep, int[] wanted, float[] preActivations) => (_label, _probes, _preActivations) = (firstStep, wanted, preActivations);

    /// <summary>Asks for a block of training samples.</summary>
    public void Ask(SampleBlock block) => Ask(block.FirstStep, [.. block.Samples.Select(s => probes.IndexOf(s.Sample.Id))]);

    /// <summary>Asks for some probes. The evaluators answer by what they have followed when they come to it.</summary>
    /// <param name="label">What the answers carry.</param>
    /// <param name="wanted">Indices of probes.</param>
    public void Ask(long label, int[] wanted)
    {
        _label = label;
        _probes = wanted;
        _preActivations = [];
        foreach (var (shard, rows) in _rows.Index())
        {
            rows.Clear();
            var (start, count) = Shards.Range(probes.Count, evaluators.Count, shard);
            rows.AddRange(Enumerable.Range(0, _probes.Length).Where(b => _probes[b] >= start && _probes[b] < start + count));
            if (rows.Count == 0)
                continue;
            evaluators[shard].Tell(new EvaluatorProtocol.ReadPreActivations(label, [.. rows.Select(b => _probes[b] - start)]));
            _awaited++;
        }
    }

    /// <summary>Takes an evaluator's answer.</summary>
    public void Accept(TrainerProtocol.PreActivations answer)
    {
        var rows = _rows[answer.Shard];
        var hidden = answer.Values.Length / rows.Count;
        if (_preActivations.Length == 0)
            _preActivations = new float[_probes.Length * hidden];
        foreach (var (at, row) in rows.Index())
            answer.Values.AsSpan(at * hidden, hidden).CopyTo(_preActivations.AsSpan(row * hidden));
        _awaited--;
    }
}

using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Actors.Clustering;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Actors.Accumulation;

/// <summary>Everything that is gathered for one of the two measures.</summary>
internal sealed class MeasureAccumulation
{
    // The group of probes that were measured after the latest clustering.
    private const string NotClustered = "new";

    private readonly AccumulatorSettings _settings;
    private readonly int[] _classes;
    private readonly ClassPairStatistics _pairs;
    private readonly double[] _row;
    private SimilarityMatrix _matrix;
    private ClassContrastAccumulator _contrast;
    private SimilarityMatrix? _sweep;
    private ClassContrastAccumulator? _sweepContrast;

    public MeasureAccumulation(SimilarityMeasure measure, AccumulatorSettings settings, ClassContrast reference, RestoredStudy? restored)
    {
        Measure = measure;
        _settings = settings;
        var probes = settings.Probes;
        _classes = [.. probes.Classes];
        _row = new double[probes.Count];
        _matrix = new SimilarityMatrix(probes.Count, settings.RowUpdate, settings.EwmaWeight);
        _contrast = new ClassContrastAccumulator(_classes);
        _pairs = new ClassPairStatistics(_classes, probes.ClassNames.Count);
        Reference = reference;
        if (restored is not null)
            Restore(restored);
    }

    public SimilarityMeasure Measure { get; }

    /// <summary>The contrast of the exactly linear model on the same probes.</summary>
    public ClassContrast Reference { get; }

    /// <summary>How many steps so far gave no row.</summary>
    public long DegenerateRows { get; private set; }

    /// <summary>Adds the row of a step; false where it has none, because the denominator was 0 or not finite.</summary>
    public bool AddTrainingStep(StepRecord step, double learningRate, ReadOnlySpan<double> change, ReadOnlySpan<double> magnitude)
    {
        if (!TryNormalise(step, learningRate, change, magnitude))
            return false;
        _pairs.Add(step.Class, _row, step.Probe);
        if (step.Probe < 0 || _settings.RowsFromSweeps)
            return true;
        _matrix.Update(step.Probe, _row);
        _contrast.Update(step.Probe, _matrix.Row(step.Probe));
        return true;
    }

    /// <summary>Adds the row of a virtual step; false where it has none.</summary>
    public bool AddSweepStep(StepRecord step, double learningRate, ReadOnlySpan<double> change, ReadOnlySpan<double> magnitude)
    {
        _sweep ??= new SimilarityMatrix(_classes.Length);
        _sweepContrast ??= new ClassContrastAccumulator(_classes);
        if (!TryNormalise(step, learningRate, change, magnitude))
            return false;
        _sweep.Update(step.Probe, _row);
        _sweepContrast.Update(step.Probe, _row);
        return true;
    }

    /// <summary>Ends a sweep: its matrix, and its index as a row. Where the rows of S come from sweeps it becomes S.</summary>
    public (MeasuredSimilarity Matrix, ElasticityIndexRow Row) EndSweep(long step)
    {
        var (sweep, contrast) = (_sweep!, _sweepContrast!);
        (_sweep, _sweepContrast) = (null, null);
        if (_settings.RowsFromSweeps)
            (_matrix, _contrast) = (sweep, contrast);
        return (MeasuredSimilarity.Of(Measure, sweep), IndexRow(step, "sweep", contrast, sweep));
    }

    public ElasticityIndexRow IndexRow(long step) => IndexRow(step, "online", _contrast, _matrix);

    public IEnumerable<ClassPairRow> TakeClassPairs(long step)
    {
        var names = _settings.Probes.ClassNames;
        return _pairs.Take().Select(p => new ClassPairRow(step, Names.Of(Measure), names[p.From], names[p.To], p.Mean, p.Count));
    }

    public ClassContrast Contrast() => _contrast.Contrast();

    public MeasuredSimilarity Measured() => MeasuredSimilarity.Of(Measure, _matrix);

    /// <summary>Copies what is gathered. Between two sweeps: of one that is under way nothing is copied.</summary>
    public IEnumerable<CarriedArray> Capture()
    {
        var (values, counts) = _matrix.Copy();
        var (sums, pairs) = _pairs.Copy();
        return [new(Name("values"), values), new(Name("counts"), counts), new(Name("pair-sums"), sums), new(Name("pair-counts"), pairs)];
    }

    /// <summary>The matrix ordered by class, and by cluster where the measure has been clustered; nothing before a row was measured.</summary>
    public IEnumerable<SimilarityPicture> Pictures(long step, SimilarityClustering? clustering)
    {
        var probes = _matrix.MeasuredProbes();
        if (probes.Length == 0)
            yield break;
        var classes = Array.ConvertAll(probes, p => _settings.Probes.Samples[p].Class);
        yield return Picture(step, "class", probes, ProbeBlocks.By(classes, within: null));
        if (clustering is null)
            yield break;
        var labels = clustering.Probes.Zip(clustering.Labels).ToDictionary(p => p.First, p => Names.OfCluster(p.Second));
        yield return Picture(step, "cluster", probes, ProbeBlocks.By(Array.ConvertAll(probes, p => labels.GetValueOrDefault(p, NotClustered)), classes));
    }

    private void Restore(RestoredStudy restored)
    {
        _matrix.Restore(Values<double>("values"), Values<long>("counts"));
        _pairs.Restore(Values<double>("pair-sums"), Values<long>("pair-counts"));
        DegenerateRows = restored.State.Accumulator!.DegenerateRows[Measure];
        // A row's sums follow from the row.
        foreach (var probe in _matrix.MeasuredProbes())
            _contrast.Update(probe, _matrix.Row(probe));

        T[] Values<T>(string name) => restored.Values<T>(CheckpointParts.Accumulator, Name(name));
    }

    private string Name(string array) => $"{Names.Of(Measure)}-{array}";

    private SimilarityPicture Picture(long step, string groupKind, int[] probes, ProbeBlocks blocks) => new(
        step, Names.Of(Measure), groupKind, blocks.Blocks,
        SimilarityCells.Of(Array.ConvertAll(blocks.Order, k => probes[k]), SimilarityPicture.MostSide, i => _matrix.Row(i)).Symmetrised());

    private bool TryNormalise(StepRecord step, double learningRate, ReadOnlySpan<double> change, ReadOnlySpan<double> magnitude)
    {
        var made = Measure == SimilarityMeasure.Relative
            ? SimilarityRow.TryRelative(magnitude, step.SelfChange, _row)
            : SimilarityRow.TryKernelized(change, learningRate, step.Gradient, _row);
        if (!made)
            DegenerateRows++;
        return made;
    }

    private ElasticityIndexRow IndexRow(long step, string protocol, ClassContrastAccumulator accumulator, SimilarityMatrix matrix)
    {
        var contrast = accumulator.Contrast();
        return new ElasticityIndexRow(
            step, protocol, Names.Of(Measure), contrast.Index, Reference.Index, contrast.SameClass, contrast.DifferentClass,
            matrix.RowCounts.Count(c => c > 0), DegenerateRows);
    }
}

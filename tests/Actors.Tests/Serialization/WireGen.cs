using CsCheck;
using ElasticityStream.Actors.Accumulation;
using ElasticityStream.Actors.Messages;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Actors.Tests.Serialization;

/// <summary>Generates messages of every type on the wire, with arrays of all lengths from 0 and numbers of every bit pattern.</summary>
internal static class WireGen
{
    private static readonly Gen<int> Length = Gen.Int[0, 6];

    private static readonly Gen<double> Double = Gen.Long.Select(BitConverter.Int64BitsToDouble);

    private static readonly Gen<float[]> Floats = Gen.Int.Select(BitConverter.Int32BitsToSingle).Array[0, 40];

    private static readonly Gen<NetworkWeights> Weights =
        (from shape in Gen.Long[0, 4].Array[1, 3]
         from name in Gen.String
         from values in Double.Array[(int)shape.Aggregate(1L, (product, length) => product * length)]
         select new ParameterArray(name, shape, values))
        .Array[0, 4].Select(p => new NetworkWeights(p));

    private static readonly Gen<LayerUpdate[]> Layers =
        Gen.Select(Floats, Floats, (deltas, inputs) => new LayerUpdate(deltas, inputs)).Array[0, 4];

    private static readonly Gen<CarriedState> Carried =
        (from name in Gen.String
         from values in Gen.OneOf(
             Floats.Select(v => (Array)v), Double.Array[0, 9].Select(v => (Array)v), Gen.Int.Array[0, 9].Select(v => (Array)v), Gen.Long.Array[0, 9].Select(v => (Array)v))
         select new CarriedArray(name, values))
        .Array[0, 4].Select(arrays => new CarriedState(arrays));

    private static readonly Gen<UpdateBlock> Updates = Gen.OneOf(
        from steps in Length
        from applied in Gen.Bool
        from directions in Double.Array[0, 20]
        from layers in Layers
        from probes in Gen.Int.Array[0, 5].Null()
        select (UpdateBlock)new LowRankUpdateBlock(steps, applied, directions, layers, probes),
        from steps in Length
        from applied in Gen.Bool
        from directions in Double.Array[0, 20]
        from kernels in Gen.Select(Floats, Floats, (values, biases) => new KernelUpdate(values, biases)).Array[0, 3]
        from layers in Layers
        select (UpdateBlock)new ConvolutionalUpdateBlock(steps, applied, directions, kernels, layers),
        from applied in Gen.Bool
        from directions in Double.Array[0, 20]
        from after in Weights.Array[0, 3]
        select (UpdateBlock)new SnapshotUpdateBlock(applied, directions, after));

    private static readonly Gen<PerturbationBlock> Perturbations =
        from steps in Length
        from probes in Length
        from change in Double.Array[steps * probes]
        from magnitude in Double.Array[steps * probes]
        from outputs in Gen.Bool
        select new PerturbationBlock(steps, probes, change, outputs ? magnitude : null);

    private static readonly Gen<StepRecord> Record =
        from places in Gen.Select(Gen.Long, Gen.Int, Gen.String, Gen.Long)
        from kinds in Gen.Select(Gen.Enum<SampleRole>(), Gen.Int, Gen.Int, Gen.Bool)
        from numbers in Double.Array[5]
        select new StepRecord(
            places.Item1, places.Item2, places.Item3, places.Item4, kinds.Item1, kinds.Item2, kinds.Item3,
            numbers[0], numbers[1], kinds.Item4, numbers[2], numbers[3]);

    private static readonly Gen<MeasuredSimilarity> Matrix =
        from measure in Gen.Enum<SimilarityMeasure>()
        from probes in Gen.Int.Array[0, 5]
        from counts in Gen.Long.Array[probes.Length]
        from values in Double.Array[probes.Length * probes.Length]
        select new MeasuredSimilarity(measure, probes, counts, values);

    public static IReadOnlyDictionary<string, Gen<IWireMessage>> ByManifest { get; } = new Dictionary<string, Gen<IWireMessage>>
    {
        ["EP"] = Gen.Select(Floats, Length, (features, count) => (IWireMessage)new EvaluatorProtocol.LoadProbes(features, count)),
        ["EW"] = Weights.Select(w => (IWireMessage)new EvaluatorProtocol.LoadWeights(w)),
        ["ER"] = Gen.Select(
            Gen.Long, Updates, Gen.String.Null(), (sequence, updates, trace) => (IWireMessage)new EvaluatorProtocol.ProbeRequest(sequence, updates, trace)),
        ["AS"] =
            from sequence in Gen.Long
            from kind in Gen.Enum<StepKind>()
            from rate in Double
            from steps in Record.Array[0, 5]
            from ends in Gen.Bool
            from rows in Double.Array[0, 20]
            from withRows in Gen.Bool
            from trace in Gen.String.Null()
            select (IWireMessage)new AccumulatorProtocol.StepsTaken(sequence, kind, rate, steps, ends, withRows ? rows : null, trace),
        ["AP"] = Gen.Select(
            Gen.Long, Gen.Int, Perturbations, (sequence, shard, rows) => (IWireMessage)new AccumulatorProtocol.PerturbationRows(sequence, shard, rows)),
        ["EK"] = Gen.Long.Select(number => (IWireMessage)new EvaluatorProtocol.Capture(number)),
        ["EG"] = Carried.Select(carried => (IWireMessage)new EvaluatorProtocol.Restore(carried)),
        ["AK"] = Gen.Select(Gen.Long, Gen.Long, (number, before) => (IWireMessage)new AccumulatorProtocol.Capture(number, before)),
        ["KS"] = Gen.Select(Gen.Long, Gen.Int, Carried, (number, shard, carried) => (IWireMessage)new CheckpointProtocol.ShardCaptured(number, shard, carried)),
        ["TA"] = Gen.Long.Select(sequence => (IWireMessage)new TrainerProtocol.RequestAccumulated(sequence)),
        ["TP"] = Gen.Select(
            Gen.Long, Gen.Int, Floats, (step, shard, values) => (IWireMessage)new TrainerProtocol.PreActivations(step, shard, values)),
        ["EC"] = Floats.Select(features => (IWireMessage)new EvaluatorProtocol.CloseProbes(features)),
        ["EA"] = Gen.Select(Gen.Long, Gen.Int.Array[0, 9], (step, probes) => (IWireMessage)new EvaluatorProtocol.ReadPreActivations(step, probes)),
        ["TL"] = Gen.Int.Select(shard => (IWireMessage)new TrainerProtocol.WeightsLoaded(shard)),
        ["CS"] =
            from step in Gen.Long
            from final in Gen.Bool
            from matrices in Matrix.Array[0, 3]
            from trace in Gen.String.Null()
            select (IWireMessage)new ClusteringProtocol.SimilaritySnapshot(step, final, matrices, trace),
    };
}

using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ElasticityStream.Compute.Probing.Vectorised;

namespace ElasticityStream.Compute.Probing.RankOne;

/// <summary>
/// Picks out, for one chunk of hidden units, the units that a step moves or reads, and moves the weights to the outputs along. Once a shard and
/// block; the kernel then reads the result for every tile.
/// </summary>
internal sealed unsafe class BlockPacking : IDisposable
{
    private readonly int _outputs;
    private readonly bool _isVectorised;
    private AlignedBuffer<int> _starts = new(1);
    private AlignedBuffer<int> _offsets = new(0);
    private AlignedBuffer<float> _minusU = new(0);
    private AlignedBuffer<float> _activations = new(0);
    private AlignedBuffer<float> _weights = new(0);
    private AlignedBuffer<float> _gammas = new(0);
    private int _steps;

    /// <summary>Creates a packing without room.</summary>
    /// <param name="outputs">K.</param>
    /// <param name="width">The vectors to use; narrower ones than 512 bits cannot leave lanes out, and are not used.</param>
    public BlockPacking(int outputs, VectorWidth width) => (_outputs, _isVectorised) = (outputs, width == VectorWidth.Bits512 && Avx512F.IsSupported);

    // A vector is written whole behind the entries so far, so that the last one may reach beyond them.
    private int Capacity => (_steps * RankOneKernel.ChunkUnits) + Vector512<float>.Count;

    /// <summary>Makes room for B steps.</summary>
    /// <param name="gammas">B x K: eta dL/d(output).</param>
    public void Begin(ReadOnlySpan<float> gammas)
    {
        var steps = gammas.Length / _outputs;
        if (steps != _steps)
        {
            Dispose();
            _steps = steps;
            _starts = new(steps + 1);
            _offsets = new(Capacity);
            _minusU = new(Capacity);
            _activations = new(Capacity);
            _weights = new((long)_outputs * Capacity);
            _gammas = new(gammas.Length);
        }

        gammas.CopyTo(_gammas.Slice(0, gammas.Length));
    }

    /// <summary>Packs the units [<paramref name="first"/>, <paramref name="first"/> + <paramref name="units"/>).</summary>
    /// <param name="first">The first unit.</param>
    /// <param name="units">How many.</param>
    /// <param name="u">B x h: eta dL/dz at the trained samples.</param>
    /// <param name="activations">B x h: phi(z) there.</param>
    /// <param name="outputWeights">K x h: the weights to the outputs before the block; those after it, if the steps are applied.</param>
    /// <param name="hidden">h.</param>
    /// <param name="applied">Whether the steps follow each other or all start from the same weights.</param>
    /// <param name="skipInactive">Whether units with u = 0 and an activation of 0 are left out.</param>
    public BlockSteps Pack(
        int first, int units, float[] u, float[] activations, double* outputWeights, int hidden, bool applied, bool skipInactive)
    {
        fixed (float* allU = u, allActivations = activations)
        {
            var count = 0;
            for (var b = 0; b < _steps; b++)
            {
                _starts.Pointer[b] = count;
                var at = ((long)b * hidden) + first;
                count = _isVectorised
                    ? PackStep512(count, units, allU + at, allActivations + at, b, outputWeights + first, hidden, applied, skipInactive)
                    : PackStep(count, 0, units, allU + at, allActivations + at, b, outputWeights + first, hidden, applied, skipInactive);
            }

            _starts.Pointer[_steps] = count;
        }

        return new BlockSteps
        {
            Steps = _steps,
            Outputs = _outputs,
            Applied = applied,
            Capacity = Capacity,
            Starts = _starts.Pointer,
            Offsets = _offsets.Pointer,
            MinusU = _minusU.Pointer,
            A = _activations.Pointer,
            W = _weights.Pointer,
            Gammas = _gammas.Pointer,
        };
    }

    public void Dispose()
    {
        _starts.Dispose();
        _offsets.Dispose();
        _minusU.Dispose();
        _activations.Dispose();
        _weights.Dispose();
        _gammas.Dispose();
    }

    private int PackStep(
        int count, int from, int units, float* u, float* activations, int b, double* outputWeights, int hidden, bool applied, bool skipInactive)
    {
        for (var i = from; i < units; i++)
        {
            var (ui, ai) = (u[i], activations[i]);
            _offsets.Pointer[count] = i * ProbeTile.Probes;
            _minusU.Pointer[count] = -ui;
            _activations.Pointer[count] = ai;
            for (var k = 0; k < _outputs; k++)
            {
                var weight = outputWeights + ((long)k * hidden) + i;
                var after = Math.FusedMultiplyAdd(-_gammas.Pointer[(b * _outputs) + k], ai, *weight);
                if (applied)
                    *weight = after;
                _weights.Pointer[((long)k * Capacity) + count] = (float)after;
            }

            if (!skipInactive || ui != 0 || ai != 0)
                count++;
        }

        return count;
    }

    private int PackStep512(
        int count, int units, float* u, float* activations, int b, double* outputWeights, int hidden, bool applied, bool skipInactive)
    {
        var lanes = Vector512<float>.Count;
        var offsets = Vector512<int>.Indices * ProbeTile.Probes;
        var i = 0;
        for (; i + lanes <= units; i += lanes, offsets += Vector512.Create(lanes * ProbeTile.Probes))
        {
            var (ui, ai) = (Vector512.Load(u + i), Vector512.Load(activations + i));
            var active = skipInactive
                ? ~(Vector512.Equals(ui, Vector512<float>.Zero) & Vector512.Equals(ai, Vector512<float>.Zero))
                : Vector512<float>.AllBitsSet;
            Avx512F.Compress(Vector512<int>.Zero, active.AsInt32(), offsets).Store(_offsets.Pointer + count);
            Avx512F.Compress(Vector512<float>.Zero, active, -ui).Store(_minusU.Pointer + count);
            Avx512F.Compress(Vector512<float>.Zero, active, ai).Store(_activations.Pointer + count);
            var (lower, upper) = Vector512.Widen(ai);
            for (var k = 0; k < _outputs; k++)
            {
                var weight = outputWeights + ((long)k * hidden) + i;
                var minusGamma = Vector512.Create(-(double)_gammas.Pointer[(b * _outputs) + k]);
                var lowerAfter = Vector512.FusedMultiplyAdd(minusGamma, lower, Vector512.Load(weight));
                var upperAfter = Vector512.FusedMultiplyAdd(minusGamma, upper, Vector512.Load(weight + Vector512<double>.Count));
                if (applied)
                {
                    lowerAfter.Store(weight);
                    upperAfter.Store(weight + Vector512<double>.Count);
                }

                Avx512F.Compress(Vector512<float>.Zero, active, Vector512.Narrow(lowerAfter, upperAfter)).Store(_weights.Pointer + ((long)k * Capacity) + count);
            }

            count += BitOperations.PopCount(active.ExtractMostSignificantBits());
        }

        return PackStep(count, i, units, u, activations, b, outputWeights, hidden, applied, skipInactive);
    }
}

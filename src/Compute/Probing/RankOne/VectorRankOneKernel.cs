using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using ElasticityStream.Compute.Probing.Vectorised;

namespace ElasticityStream.Compute.Probing.RankOne;

/// <summary>The kernel for one vector width and activation: four vectors of probes at a time.</summary>
internal sealed unsafe class VectorRankOneKernel<TLanes, TVector, TActivation> : RankOneKernel
    where TLanes : ILanes<TVector>
    where TVector : struct
    where TActivation : IActivationLanes
{
    public override bool SkipsInactiveUnits => TActivation.SkipsInactiveUnits;

    public override void Run(in BlockSteps steps, float* overlaps, float* preActivations, int units, float* scratch, double* sums, float* next)
    {
        var state = scratch;
        PreActivations<TLanes, TVector, TActivation>.KeepState(preActivations, state, units * ProbeTile.Probes);
        var differences = steps.Outputs > 1 ? scratch + (ChunkUnits * ProbeTile.Probes) : null;
        for (var b = 0; b < steps.Steps; b++)
        {
            Prefetch(next, units, b, steps.Steps);
            var stepOverlaps = overlaps + (b * ProbeTile.Probes);
            var stepSums = sums + (b * steps.Outputs * ProbeTile.Probes);
            var largest = LargestMagnitude(stepOverlaps);
            for (var lane = 0; lane < ProbeTile.Probes; lane += 4 * TLanes.Count)
            {
                if (differences is null)
                    StepOneOutput(steps, b, stepOverlaps + lane, largest, preActivations + lane, state + lane, stepSums + lane);
                else
                    StepOutputs(steps, b, stepOverlaps + lane, largest, preActivations + lane, state + lane, differences, stepSums + lane);
            }
        }
    }

    // A share of the next chunk a step: all at once would wait for the memory that this is to hide.
    private static void Prefetch(float* next, int units, int b, int steps)
    {
        if (!Sse.IsSupported)
            return;
        const int line = 16;
        var lines = (long)units * ProbeTile.Probes / line;
        for (var i = b * lines / steps; i < (b + 1) * lines / steps; i++)
            Sse.Prefetch1(next + (i * line));
    }

    private static void StepOneOutput(
        in BlockSteps steps, int b, float* overlaps, float largest, float* preActivations, float* state, double* sums)
    {
        var (k0, k1, k2, k3) = LoadFour(overlaps);
        TVector sum0 = TLanes.All(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
        TVector value0 = sum0, value1 = sum0, value2 = sum0, value3 = sum0;
        var offsets = steps.Offsets;
        float* minusU = steps.MinusU, activations = steps.A, weights = steps.W;
        var applied = steps.Applied;
        var end = steps.Starts[b + 1];
        for (var e = steps.Starts[b]; e < end; e++)
        {
            var u = TLanes.All(minusU[e]);
            var a = TLanes.All(activations[e]);
            var w = TLanes.All(weights[e]);
            var z = preActivations + offsets[e];
            var q = state + offsets[e];
            if (float.IsPositiveInfinity(TActivation.LargestChange) || MathF.Abs(minusU[e]) * largest <= TActivation.LargestChange)
            {
                Add(PreActivations<TLanes, TVector, TActivation>.Move(z, q, k0, u, applied, out var v0), v0, w, a, ref sum0, ref value0);
                Add(PreActivations<TLanes, TVector, TActivation>.Move(z + TLanes.Count, q + TLanes.Count, k1, u, applied, out var v1), v1, w, a, ref sum1, ref value1);
                Add(PreActivations<TLanes, TVector, TActivation>.Move(z + (2 * TLanes.Count), q + (2 * TLanes.Count), k2, u, applied, out var v2), v2, w, a, ref sum2, ref value2);
                Add(PreActivations<TLanes, TVector, TActivation>.Move(z + (3 * TLanes.Count), q + (3 * TLanes.Count), k3, u, applied, out var v3), v3, w, a, ref sum3, ref value3);
            }
            else
            {
                Add(PreActivations<TLanes, TVector, TActivation>.MoveFar(z, q, k0, u, applied, out var v0), v0, w, a, ref sum0, ref value0);
                Add(PreActivations<TLanes, TVector, TActivation>.MoveFar(z + TLanes.Count, q + TLanes.Count, k1, u, applied, out var v1), v1, w, a, ref sum1, ref value1);
                Add(PreActivations<TLanes, TVector, TActivation>.MoveFar(z + (2 * TLanes.Count), q + (2 * TLanes.Count), k2, u, applied, out var v2), v2, w, a, ref sum2, ref value2);
                Add(PreActivations<TLanes, TVector, TActivation>.MoveFar(z + (3 * TLanes.Count), q + (3 * TLanes.Count), k3, u, applied, out var v3), v3, w, a, ref sum3, ref value3);
            }
        }

        var gamma = TLanes.All(Signed(steps.Gammas[b]));
        TLanes.AddTo(sums, TLanes.MultiplyAdd(gamma, value0, sum0));
        TLanes.AddTo(sums + TLanes.Count, TLanes.MultiplyAdd(gamma, value1, sum1));
        TLanes.AddTo(sums + (2 * TLanes.Count), TLanes.MultiplyAdd(gamma, value2, sum2));
        TLanes.AddTo(sums + (3 * TLanes.Count), TLanes.MultiplyAdd(gamma, value3, sum3));
    }

    // The differences of all units first, then one short product a output, so that the accumulators stay in registers.
    private static void StepOutputs(
        in BlockSteps steps, int b, float* overlaps, float largest, float* preActivations, float* state, float* differences, double* sums)
    {
        var (k0, k1, k2, k3) = LoadFour(overlaps);
        TVector value0 = TLanes.All(0), value1 = value0, value2 = value0, value3 = value0;
        var (start, end) = (steps.Starts[b], steps.Starts[b + 1]);
        for (var e = start; e < end; e++)
        {
            var u = TLanes.All(steps.MinusU[e]);
            var a = TLanes.All(steps.A[e]);
            var z = preActivations + steps.Offsets[e];
            var q = state + steps.Offsets[e];
            var far = !(MathF.Abs(steps.MinusU[e]) * largest <= TActivation.LargestChange);
            var row = differences + ((e - start) * 4 * TLanes.Count);
            Keep(far, z, q, k0, u, a, steps.Applied, row, ref value0);
            Keep(far, z + TLanes.Count, q + TLanes.Count, k1, u, a, steps.Applied, row + TLanes.Count, ref value1);
            Keep(far, z + (2 * TLanes.Count), q + (2 * TLanes.Count), k2, u, a, steps.Applied, row + (2 * TLanes.Count), ref value2);
            Keep(far, z + (3 * TLanes.Count), q + (3 * TLanes.Count), k3, u, a, steps.Applied, row + (3 * TLanes.Count), ref value3);
        }

        for (var k = 0; k < steps.Outputs; k++)
        {
            TVector sum0 = TLanes.All(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
            var weights = steps.W + ((long)k * steps.Capacity);
            var row = differences;
            for (var e = start; e < end; e++, row += 4 * TLanes.Count)
            {
                var w = TLanes.All(weights[e]);
                sum0 = TLanes.MultiplyAdd(TLanes.Load(row), w, sum0);
                sum1 = TLanes.MultiplyAdd(TLanes.Load(row + TLanes.Count), w, sum1);
                sum2 = TLanes.MultiplyAdd(TLanes.Load(row + (2 * TLanes.Count)), w, sum2);
                sum3 = TLanes.MultiplyAdd(TLanes.Load(row + (3 * TLanes.Count)), w, sum3);
            }

            var gamma = TLanes.All(Signed(steps.Gammas[(b * steps.Outputs) + k]));
            var output = sums + (k * ProbeTile.Probes);
            TLanes.AddTo(output, TLanes.MultiplyAdd(gamma, value0, sum0));
            TLanes.AddTo(output + TLanes.Count, TLanes.MultiplyAdd(gamma, value1, sum1));
            TLanes.AddTo(output + (2 * TLanes.Count), TLanes.MultiplyAdd(gamma, value2, sum2));
            TLanes.AddTo(output + (3 * TLanes.Count), TLanes.MultiplyAdd(gamma, value3, sum3));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(TVector difference, TVector value, TVector w, TVector a, ref TVector sum, ref TVector values)
    {
        sum = TLanes.MultiplyAdd(difference, w, sum);
        values = TLanes.MultiplyAdd(value, a, values);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep(
        bool far, float* z, float* q, TVector k, TVector u, TVector a, bool applied, float* difference, ref TVector values)
    {
        TLanes.Store(
            far
                ? PreActivations<TLanes, TVector, TActivation>.MoveFar(z, q, k, u, applied, out var value)
                : PreActivations<TLanes, TVector, TActivation>.Move(z, q, k, u, applied, out value),
            difference);
        values = TLanes.MultiplyAdd(value, a, values);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TVector, TVector, TVector, TVector) LoadFour(float* source) =>
        (TLanes.Load(source), TLanes.Load(source + TLanes.Count), TLanes.Load(source + (2 * TLanes.Count)), TLanes.Load(source + (3 * TLanes.Count)));

    // The weights to the outputs change by -gamma a: what they lead on there falls by gamma a phi.
    private static float Signed(float gamma) => TActivation.ValueIsNegated ? gamma : -gamma;

    private static float LargestMagnitude(float* overlaps)
    {
        if (float.IsPositiveInfinity(TActivation.LargestChange))
            return 0;
        var largest = 0f;
        for (var j = 0; j < ProbeTile.Probes; j++)
            largest = MathF.Max(largest, MathF.Abs(overlaps[j]));
        return largest;
    }
}

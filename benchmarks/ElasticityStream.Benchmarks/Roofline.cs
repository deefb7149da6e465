using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing.RankOne;
using ElasticityStream.Compute.Probing.Vectorised;
using TorchSharp;

namespace ElasticityStream.Benchmarks;

/// <summary>
/// On one thread: fused multiply-adds, a copy beyond the caches, torch's sgemm, the seven operations of the ReLU pass on registers alone, and the
/// pass itself with all that it loads and stores.
/// </summary>
internal static unsafe class Roofline
{
    private const int Width = 4096;
    private const int Tiles = 8;
    private const int Steps = 64;

    public static void Run(ComparisonOptions options)
    {
        var lanes = Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;
        torch.set_num_threads(1);
        using var a = torch.rand([2048, 2048]);
        using var b = torch.rand([2048, 2048]);
        var from = new byte[256 << 20];
        var to = new byte[256 << 20];
        using var pass = new Pass();
        var seconds = SideBySide.Medians(
            options.Rounds,
            () => SideBySide.Timed(() => MultiplyAdds(20_000_000)),
            () => SideBySide.Timed(() => Copy(from, to)),
            () => SideBySide.Timed(() => Multiply(a, b)),
            () => SideBySide.Timed(() => SevenOperations(20_000_000)),
            () => SideBySide.Timed(() => pass.Run()));
        Console.WriteLine($"one thread, vectors of {32 * lanes} bits, medians of {options.Rounds} rounds");
        Console.WriteLine($"fused multiply-adds       {2 * lanes / seconds[0] / 1e9,10:f1} GFLOP/s");
        Console.WriteLine($"copy                      {1 / seconds[1] / 1e9,10:f1} GB/s (read and written each)");
        // The product's unit is one term of the inner dimension.
        var sgemm = 2048 / seconds[2];
        Console.WriteLine($"torch sgemm               {sgemm / 1e9,10:f1} GFLOP/s, {sgemm / (2 * lanes / seconds[0]):p0} of the multiply-adds");
        Console.WriteLine($"seven operations, alone   {lanes / seconds[3] / 1e9,10:f2} G elements/s");
        Console.WriteLine($"pass over Z               {1 / seconds[4] / 1e9,10:f2} G elements/s, {1 / seconds[4] / (lanes / seconds[3]):p0} of the seven operations alone");
    }

    private static int Copy(byte[] from, byte[] to)
    {
        from.AsSpan().CopyTo(to);
        return from.Length;
    }

    private static int Multiply(torch.Tensor a, torch.Tensor b)
    {
        using var product = a.mm(b);
        return 2 * 2048 * 2048;
    }

    // Twelve independent chains hide the latency.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int MultiplyAdds(int count)
    {
        var (x, y) = (Vector512.Create(0.999f), Vector512.Create(1e-3f));
        Vector512<float> a0 = x, a1 = x, a2 = x, a3 = x, a4 = x, a5 = x, a6 = x, a7 = x, a8 = x, a9 = x, a10 = x, a11 = x;
        for (var i = 0; i < count; i += 12)
        {
            a0 = Vector512.FusedMultiplyAdd(a0, x, y);
            a1 = Vector512.FusedMultiplyAdd(a1, x, y);
            a2 = Vector512.FusedMultiplyAdd(a2, x, y);
            a3 = Vector512.FusedMultiplyAdd(a3, x, y);
            a4 = Vector512.FusedMultiplyAdd(a4, x, y);
            a5 = Vector512.FusedMultiplyAdd(a5, x, y);
            a6 = Vector512.FusedMultiplyAdd(a6, x, y);
            a7 = Vector512.FusedMultiplyAdd(a7, x, y);
            a8 = Vector512.FusedMultiplyAdd(a8, x, y);
            a9 = Vector512.FusedMultiplyAdd(a9, x, y);
            a10 = Vector512.FusedMultiplyAdd(a10, x, y);
            a11 = Vector512.FusedMultiplyAdd(a11, x, y);
        }

        Sink(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11);
        return count;
    }

    // The pass without its loads and stores: four elements' state stays in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int SevenOperations(int count)
    {
        Vector512<float> z0 = Vector512.Create(0.5f), z1 = -z0, z2 = z0, z3 = -z0;
        var (k, u, w, a) = (Vector512.Create(1.1f), Vector512.Create(-1e-7f), Vector512.Create(0.01f), Vector512.Create(0.3f));
        Vector512<float> s0 = default, s1 = s0, s2 = s0, s3 = s0, v0 = s0, v1 = s0, v2 = s0, v3 = s0;
        for (var i = 0; i < count; i += 4)
        {
            Element(ref z0, k, u, w, a, ref s0, ref v0);
            Element(ref z1, k, u, w, a, ref s1, ref v1);
            Element(ref z2, k, u, w, a, ref s2, ref v2);
            Element(ref z3, k, u, w, a, ref s3, ref v3);
        }

        Sink(s0 + s1 + s2 + s3 + v0 + v1 + v2 + v3 + z0 + z1 + z2 + z3);
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Element(
        ref Vector512<float> z, Vector512<float> k, Vector512<float> u, Vector512<float> w, Vector512<float> a, ref Vector512<float> sum, ref Vector512<float> values)
    {
        var state = z;
        var difference = ReluLanes.Step<Lanes512, Vector512<float>>(ref z, ref state, k, u, out var value);
        sum = Vector512.FusedMultiplyAdd(difference, w, sum);
        values = Vector512.FusedMultiplyAdd(value, a, values);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Sink(Vector512<float> value)
    {
        if (float.IsNaN(value.GetElement(0)))
            Console.WriteLine("NaN");
    }

    /// <summary>The kernel on random data, half of the units inactive at each sample.</summary>
    private sealed class Pass : IDisposable
    {
        private readonly RankOneKernel _kernel = VectorKernels.ForActivation<RankOneKernel>(Activation.Relu, VectorKernels.SupportedWidths[0]);
        private readonly BlockPacking _packing = new(outputs: 1, VectorKernels.SupportedWidths[0]);
        private readonly AlignedBuffer<float> _preActivations = new((long)Tiles * Width * ProbeTile.Probes);
        private readonly AlignedBuffer<float> _overlaps = new(Tiles * Steps * ProbeTile.Probes);
        private readonly AlignedBuffer<double> _sums = new(Tiles * Steps * ProbeTile.Probes);
        private readonly AlignedBuffer<double> _weights = new(Width);
        private readonly AlignedBuffer<float> _scratch = new(RankOneKernel.ScratchLength);
        private readonly float[] _deltas = new float[Steps * Width];
        private readonly float[] _activations = new float[Steps * Width];
        private readonly int _active;

        public Pass()
        {
            var random = new SeededRandom(seed: 1, stream: 9);
            foreach (ref var z in _preActivations.Slice(0, Tiles * Width * ProbeTile.Probes))
                z = (float)((2 * random.NextDouble()) - 1);
            foreach (ref var k in _overlaps.Slice(0, Tiles * Steps * ProbeTile.Probes))
                k = 100 * (float)random.NextDouble();
            for (var i = 0; i < _deltas.Length; i++)
            {
                if (random.NextDouble() < 0.5)
                    continue;
                _active++;
                (_deltas[i], _activations[i]) = (1e-7f * (float)(random.NextDouble() - 0.5), (float)random.NextDouble());
            }
        }

        /// <summary>Returns how many elements it moved: active units times probes.</summary>
        public int Run()
        {
            _packing.Begin(new float[Steps]);
            for (var unit = 0; unit < Width; unit += RankOneKernel.ChunkUnits)
            {
                var steps = _packing.Pack(unit, RankOneKernel.ChunkUnits, _deltas, _activations, _weights.Pointer, Width, applied: true, skipInactive: true);
                for (var tile = 0; tile < Tiles; tile++)
                {
                    _kernel.Run(
                        steps, _overlaps.Pointer + (tile * Steps * ProbeTile.Probes), PreActivations(tile, unit), RankOneKernel.ChunkUnits, _scratch.Pointer,
                        _sums.Pointer + (tile * Steps * ProbeTile.Probes), PreActivations((tile + 1) % Tiles, unit));
                }
            }

            return _active * Tiles * ProbeTile.Probes;
        }

        private float* PreActivations(int tile, int unit) => _preActivations.Pointer + ((((long)tile * Width) + unit) * ProbeTile.Probes);

        public void Dispose()
        {
            _packing.Dispose();
            _preActivations.Dispose();
            _overlaps.Dispose();
            _sums.Dispose();
            _weights.Dispose();
            _scratch.Dispose();
        }
    }
}

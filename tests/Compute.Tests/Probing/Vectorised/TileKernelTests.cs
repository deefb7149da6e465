using ElasticityStream.Compute.Probing.Vectorised;

namespace ElasticityStream.Compute.Tests.Probing.Vectorised;

/// <summary>What tiles compute with, at every vector width of the machine, against plain loops in float64.</summary>
public sealed unsafe class TileKernelTests
{
    private const int Stride = 331;
    private const int ProductStride = 3 * ProbeTile.Probes;

    public static TheoryData<int> Widths => [.. MachineVectors.Bits];

    /// <summary>How many terms a product has, and how many rows there are: less, as much and more than registers and parts hold.</summary>
    public static MatrixTheoryData<int, int, int> Shapes { get; } = new(MachineVectors.Bits, [1, 5, 128, 300], [1, 6, 13]);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Product_of_rows_is_their_inner_product(int bits, int terms, int rows) => Check(
        MachineVectors.Width(bits), terms, rows, e => e, e => e, ProbeTile.Probes, (product, tile, _, some, result) => product.Add(tile, some, result));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Product_of_columns_leaves_the_others_out(int bits, int terms, int rows) => Check(
        MachineVectors.Width(bits), terms, rows, e => e, Listed, ProbeTile.Probes, (product, tile, columns, some, result) => product.AddColumns(tile, columns, some, result));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Product_of_pixels_reads_the_rows_of_the_tile_that_are_listed(int bits, int terms, int rows) => Check(
        MachineVectors.Width(bits), terms, rows, Listed, e => e, ProductStride,
        (product, tile, pixels, some, result) => product.AddPixels(tile, pixels, some, result, ProductStride));

    [Theory]
    [MemberData(nameof(Widths))]
    public void Pooling_takes_the_largest_of_each_window_and_its_change(int bits)
    {
        const int width = 5, pooled = width / 2;
        var values = EngineCase.Uniform(2 * width * ProbeTile.Probes, stream: 7);
        var changes = EngineCase.Uniform(2 * width * ProbeTile.Probes, stream: 8);
        // Some windows tie, and all changes are large enough for one value to overtake another now and then.
        for (var j = 0; j < ProbeTile.Probes; j += 3)
            values[At(1, 0, j)] = values[At(0, 1, j)];
        using var valueBuffer = Buffer(values);
        using var changeBuffer = Buffer(changes);
        using var largest = new AlignedBuffer<float>(pooled * ProbeTile.Probes);
        using var moved = new AlignedBuffer<float>(pooled * ProbeTile.Probes);
        VectorKernels.Pooling(MachineVectors.Width(bits)).Run(valueBuffer.Pointer, changeBuffer.Pointer, width, largest.Pointer, moved.Pointer);
        var overtaken = 0;
        for (var x = 0; x < pooled; x++)
        {
            for (var j = 0; j < ProbeTile.Probes; j++)
            {
                int[] window = [At(0, 2 * x, j), At(0, (2 * x) + 1, j), At(1, 2 * x, j), At(1, (2 * x) + 1, j)];
                var before = window.Max(i => (double)(float)values[i]);
                var after = window.Max(i => (double)(float)values[i] + (float)changes[i]);
                Assert.Equal(before, largest.Pointer[(x * ProbeTile.Probes) + j]);
                Assert.Equal(after - before, moved.Pointer[(x * ProbeTile.Probes) + j], 5e-7);
                overtaken += window.MaxBy(i => values[i]) == window.MaxBy(i => values[i] + changes[i]) ? 0 : 1;
            }
        }

        Assert.InRange(overtaken, 10, (pooled * ProbeTile.Probes) - 10);

        static int At(int y, int x, int probe) => (((y * width) + x) * ProbeTile.Probes) + probe;
    }

    private delegate void Product(TileProduct product, float* tile, int* list, TileRows rows, float* result);

    private static int Listed(int entry) => entry + (entry / 10);

    private static void Check(VectorWidth width, int terms, int count, Func<int, int> tileRow, Func<int, int> column, int stride, Product add)
    {
        var tile = EngineCase.Uniform(Stride * ProbeTile.Probes, stream: 5);
        var rows = EngineCase.Uniform(count * Stride, stream: 6);
        using var tileBuffer = Buffer(tile);
        using var rowBuffer = Buffer(rows);
        using var list = new AlignedBuffer<int>(terms);
        for (var e = 0; e < terms; e++)
            list.Pointer[e] = Listed(e);
        using var result = Buffer([.. Enumerable.Repeat(1.0, count * stride)]);
        add(VectorKernels.Product(width), tileBuffer.Pointer, list.Pointer, new TileRows(rowBuffer.Pointer, count, terms, Stride), result.Pointer);
        for (var r = 0; r < count; r++)
        {
            for (var j = 0; j < stride; j++)
            {
                var expected = 1.0;
                for (var e = 0; e < terms && j < ProbeTile.Probes; e++)
                    expected += (double)(float)tile[(tileRow(e) * ProbeTile.Probes) + j] * (float)rows[(r * Stride) + column(e)];
                Assert.Equal(expected, result.Pointer[(r * stride) + j], 2e-6 * Math.Sqrt(terms));
            }
        }
    }

    private static AlignedBuffer<float> Buffer(double[] values)
    {
        var buffer = new AlignedBuffer<float>(values.Length);
        for (var i = 0; i < values.Length; i++)
            buffer.Pointer[i] = (float)values[i];
        return buffer;
    }
}

using ElasticityStream.Compute.Models;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Compute.Probing.Vectorised;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>What the steppers and shards name their state to.</summary>
public sealed class StateTransferTests
{
    [Fact]
    public void Tensor_of_any_layout_is_captured_row_major_and_restored_in_its_own()
    {
        using var scope = NewDisposeScope();
        var columns = arange(6, ScalarType.Float64).reshape(3, 2).t();
        var state = StateCapture.Of(t => t.Values("columns", columns));
        Assert.Equal([0, 2, 4, 1, 3, 5], (double[])Assert.Single(state.Arrays).Values);
        var target = zeros([3, 2], ScalarType.Float64).t();
        StateRestoration.From(state, t => t.Values("columns", target));
        Assert.Equal(Staging.ToDoubles(columns), Staging.ToDoubles(target));
        Assert.False(target.is_contiguous());
    }

    [Fact]
    public void Part_of_a_tensor_is_restored_and_the_rest_left_alone()
    {
        using var scope = NewDisposeScope();
        var target = ones([4, 2], ScalarType.Float32);
        StateRestoration.From(new CarriedState([new CarriedArray("part", new float[] { 5, 6, 7, 8 })]), t => t.Values("part", target.narrow(0, 1, 2)));
        Assert.Equal([1, 1, 5, 6, 7, 8, 1, 1], Staging.ToDoubles(target));
    }

    [Fact]
    public void Nothing_is_captured_of_an_empty_tensor_and_buffer()
    {
        using var scope = NewDisposeScope();
        using var buffer = new AlignedBuffer<float>(0);
        var nothing = zeros([0, 3], ScalarType.Float32);
        var state = StateCapture.Of(Name);
        Assert.Equal(0, state.Bytes);
        StateRestoration.From(state, Name);

        void Name(StateTransfer transfer)
        {
            transfer.Values("tensor", nothing);
            transfer.Values("buffer", buffer);
        }
    }

    [Fact]
    public void Tensor_that_no_array_holds_is_refused()
    {
        using var scope = NewDisposeScope();
        var large = zeros([1], ScalarType.Float32).expand(1L << 31);
        var refusal = Assert.Throws<NotSupportedException>(() => StateCapture.Of(t => t.Values("large", large)));
        Assert.Contains("'large' has 2147483648 values", refusal.Message, StringComparison.Ordinal);
        refusal = Assert.Throws<NotSupportedException>(() => StateCapture.Of(t => t.Values("counts", zeros([2], ScalarType.Int16))));
        Assert.Contains("'counts' is of Int16", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_are_counted_before_they_are_restored()
    {
        var state = new CarriedState([new CarriedArray("rows", new float[6])]);
        var rows = 0;
        StateRestoration.From(state, t =>
        {
            t.Rows("rows", 3, ref rows);
            t.Values("rows", new float[6].AsSpan());
        });
        Assert.Equal(2, rows);
        var refusal = Assert.Throws<ArgumentException>(() => StateRestoration.From(state, t => t.Rows("rows", 4, ref rows)));
        Assert.Contains("'rows' has 6 values; expected are rows of 4", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => StateRestoration.From(new CarriedState([]), t => t.Rows("rows", 4, ref rows)));
    }
}

using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Models;

/// <summary>Moves numbers between managed memory and torch, on any device.</summary>
internal static class Staging
{
    // The float64 values in 64 bytes, to which torch aligns a tensor on the CPU.
    private const int AlignedValues = 8;

    /// <summary>Copies <paramref name="rows"/> rows of float64 values into a tensor of the given precision and device.</summary>
    public static Tensor ToTensor(ReadOnlySpan<double> values, int rows, ScalarType precision, Device device)
    {
        var staged = zeros([rows, values.Length / rows], dtype: precision);
        if (precision == ScalarType.Float64)
            values.CopyTo(MemoryMarshal.Cast<byte, double>(staged.bytes));
        else
            Narrow(values, MemoryMarshal.Cast<byte, float>(staged.bytes));
        return device.type == DeviceType.CPU ? staged : staged.to(device);
    }

    /// <summary>Copies float32 values into a rows x columns tensor.</summary>
    public static Tensor ToTensor(ReadOnlySpan<float> values, int rows, Device device)
    {
        var staged = zeros([rows, values.Length / rows], dtype: ScalarType.Float32);
        values.CopyTo(MemoryMarshal.Cast<byte, float>(staged.bytes));
        return device.type == DeviceType.CPU ? staged : staged.to(device);
    }

    /// <summary>
    /// Copies float64 arrays of one length into the rows of a tensor on a device, by as many torch calls for many as for one. Every row begins at
    /// an aligned address, so that products with one do not differ in their last bits from products with the next (docs/adr/0011).
    /// </summary>
    public static Tensor Stack(IReadOnlyList<double[]> rows, Device device)
    {
        var length = rows[0].Length;
        var stride = checked(length + AlignedValues - 1) / AlignedValues * AlignedValues;
        var staged = empty([rows.Count, stride], dtype: ScalarType.Float64);
        var values = View<double>(staged);
        for (var row = 0; row < rows.Count; row++)
            rows[row].CopyTo(values[(row * stride)..]);
        return (device.type == DeviceType.CPU ? staged : staged.to(device)).narrow(1, 0, length);
    }

    /// <summary>Copies any tensor out as float64.</summary>
    public static double[] ToDoubles(Tensor tensor)
    {
        using var staged = tensor.detach().cpu().to_type(ScalarType.Float64).contiguous();
        return MemoryMarshal.Cast<byte, double>(staged.bytes).ToArray();
    }

    /// <summary>Copies any tensor out as float64.</summary>
    public static void CopyTo(Tensor tensor, Span<double> destination)
    {
        using var staged = tensor.detach().cpu().to_type(ScalarType.Float64).contiguous();
        MemoryMarshal.Cast<byte, double>(staged.bytes).CopyTo(destination);
    }

    /// <summary>Copies any tensor out as float32.</summary>
    public static void CopyTo(Tensor tensor, Span<float> destination)
    {
        using var staged = tensor.detach().cpu().to_type(ScalarType.Float32).contiguous();
        MemoryMarshal.Cast<byte, float>(staged.bytes).CopyTo(destination);
    }

    /// <summary>The values of a contiguous tensor on the CPU, shared with it.</summary>
    public static Span<T> View<T>(Tensor tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.bytes);

    /// <summary>Rounds float64 values to float32.</summary>
    public static void Narrow(ReadOnlySpan<double> values, Span<float> destination)
    {
        for (var i = 0; i < values.Length; i++)
            destination[i] = (float)values[i];
    }
}

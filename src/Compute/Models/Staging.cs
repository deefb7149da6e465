using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.Models;

/// <summary>Moves numbers between managed memory and torch, on any device.</summary>
internal static class Staging
{
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

using ElasticityStream.Compute.Models;
using static TorchSharp.torch;

namespace ElasticityStream.Compute.TangentKernels;

/// <summary>
/// The sum of products L R^T of n x m blocks, n x n: each product in the precision of its factors, the sum in float64. Of a
/// symmetric sum only the lower triangle is computed, and a strip beside the diagonal; what lies above it is without meaning.
/// </summary>
/// <param name="total">n x n zeros of float64, to which is added.</param>
/// <param name="symmetric">Whether the sum is symmetric.</param>
/// <param name="rowsPerPiece">How many rows are computed at once.</param>
internal sealed class ProductSum(Tensor total, bool symmetric, int rowsPerPiece)
{
    private readonly int _size = (int)total.shape[0];

    /// <summary>n x n.</summary>
    public Tensor Total => total;

    /// <summary>Adds L R^T.</summary>
    /// <param name="left">L, n x m; alive until the last piece.</param>
    /// <param name="right">R, n x m, as well.</param>
    public IEnumerable<Piece> Add(Tensor left, Tensor right)
    {
        for (var start = 0; start < _size; start += rowsPerPiece)
        {
            Add(left, right, start, Math.Min(rowsPerPiece, _size - start));
            yield return default;
        }
    }

    /// <summary>The sum, row-major, mirrored where only one triangle was computed.</summary>
    public double[] ToArray()
    {
        using var scope = NewDisposeScope();
        // Some rows at a time: all of them may be more than the 2 GiB that a view of a tensor can have.
        var values = new double[(long)_size * _size];
        for (var start = 0; start < _size; start += rowsPerPiece)
        {
            var count = Math.Min(rowsPerPiece, _size - start);
            Staging.ToDoubles(Total.narrow(0, start, count)).CopyTo(values, (long)start * _size);
        }

        for (var i = 0L; symmetric && i < _size; i++)
        {
            for (var j = i + 1; j < _size; j++)
                values[(i * _size) + j] = values[(j * _size) + i];
        }

        return values;
    }

    private void Add(Tensor left, Tensor right, int start, int count)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var columns = symmetric ? start + count : _size;
        var product = left.narrow(0, start, count).mm(right.narrow(0, 0, columns).t());
        Total.narrow(0, start, count).narrow(1, 0, columns).plus_(product.to_type(ScalarType.Float64));
    }
}

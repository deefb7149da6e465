using System.Text;
using CsCheck;
using ElasticityStream.Host.RunFiles;

namespace ElasticityStream.Host.Tests.RunFiles;

public sealed class NpyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void File_has_the_bytes_of_the_format_specification_when_it_holds_a_float_matrix()
    {
        var path = _folder.File("matrix.npy");

        NpyFile.Write(path, (ReadOnlySpan<float>)[1f, -2f, 0.5f, 3f, 4f, 5f], 2, 3);

        // NEP 1: magic, version 1.0, the header's length as a little-endian ushort (118 = 0x76), the dictionary, blanks, a line feed.
        var dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
        byte[] header = [0x93, .. "NUMPY"u8, 1, 0, 0x76, 0x00, .. Encoding.ASCII.GetBytes(dictionary.PadRight(117) + "\n")];
        byte[] values =
        [
            0x00, 0x00, 0x80, 0x3F, 0x00, 0x00, 0x00, 0xC0, 0x00, 0x00, 0x00, 0x3F,
            0x00, 0x00, 0x40, 0x40, 0x00, 0x00, 0x80, 0x40, 0x00, 0x00, 0xA0, 0x40,
        ];
        Assert.Equal(128, header.Length);
        Assert.Equal([.. header, .. values], File.ReadAllBytes(path));
    }

    [Fact]
    public void File_has_the_bytes_of_the_format_specification_when_it_holds_strings()
    {
        var path = _folder.File("ids.npy");

        NpyFile.WriteStrings(path, ["5", "é𝛌"]);

        var bytes = File.ReadAllBytes(path);
        Assert.StartsWith("{'descr': '<U2', 'fortran_order': False, 'shape': (2,), }", Encoding.ASCII.GetString(bytes, 10, 118));
        byte[] values =
        [
            (byte)'5', 0, 0, 0, 0, 0, 0, 0,
            0xE9, 0, 0, 0, 0xCC, 0xD6, 0x01, 0,
        ];
        Assert.Equal(values, bytes[128..]);
    }

    [Theory]
    [InlineData(new long[] { }, "()")]
    [InlineData(new long[] { 1 }, "(1,)")]
    [InlineData(new long[] { 1, 1, 1 }, "(1, 1, 1)")]
    public void Shape_is_written_as_a_python_tuple_whatever_its_length(long[] shape, string expected)
    {
        var path = _folder.File("shape.npy");

        NpyFile.Write(path, (ReadOnlySpan<long>)[7L], shape);

        Assert.Contains($"'shape': {expected}, }}", Encoding.ASCII.GetString(File.ReadAllBytes(path)), StringComparison.Ordinal);
        Assert.Equal(shape, NpyFile.Read<long>(path).Shape);
    }

    [Fact]
    public void Header_ends_at_a_multiple_of_64_whatever_the_shape() =>
        Gen.Long[1, 9_000_000_000L].Array[0, 12].Sample(shape =>
        {
            var bytes = NpyHeader.Encode("<f8", shape);
            Assert.Equal(0, bytes.Length % 64);
            Assert.Equal((byte)'\n', bytes[^1]);
            Assert.Equal(shape, NpyHeader.Decode(new MemoryStream(bytes)).Shape);
        });

    [Fact]
    public void Arrays_read_back_bit_by_bit_whatever_they_hold()
    {
        var path = _folder.File("array.npy");
        Gen.Double.Array[0, 200].Sample(
            values =>
            {
                NpyFile.Write(path, values.AsSpan(), values.Length);
                Assert.Equal(values.Select(BitConverter.DoubleToInt64Bits), NpyFile.Read<double>(path).Values.Select(BitConverter.DoubleToInt64Bits));
            },
            iter: 50, threads: 1);
        NpyFile.Write(path, (ReadOnlySpan<int>)[int.MinValue, 0, int.MaxValue], 3, 1);
        Assert.Equal([int.MinValue, 0, int.MaxValue], NpyFile.Read<int>(path).Values);
    }

    [Fact]
    public void Strings_read_back_when_they_differ_in_length_or_are_empty()
    {
        var path = _folder.File("strings.npy");

        NpyFile.WriteStrings(path, ["mnist/train/12", "", "λ"]);
        Assert.Equal(["mnist/train/12", "", "λ"], NpyFile.ReadStrings(path));

        NpyFile.WriteStrings(path, []);
        Assert.Empty(NpyFile.ReadStrings(path));
    }

    [Fact]
    public void Array_larger_than_a_chunk_reads_back_when_it_was_written_in_pieces()
    {
        const int Rows = 1_100;
        var path = _folder.File("large.npy");
        var row = new double[1_000];
        using (var writer = NpyFile.Create<double>(path, Rows, row.Length))
        {
            for (var i = 0; i < Rows; i++)
            {
                row.AsSpan().Fill(i);
                writer.Append(row);
            }

            writer.Complete();
        }

        var (values, shape) = NpyFile.Read<double>(path);
        Assert.Equal([Rows, row.Length], shape);
        Assert.Equal(0, values[0]);
        Assert.Equal(Rows - 1, values[^1]);
        Assert.Equal(Rows * (Rows - 1) / 2 * (double)row.Length, values.Sum());
    }

    [Fact]
    public void Older_file_stays_and_nothing_is_left_beside_it_when_writing_is_abandoned()
    {
        var path = _folder.File("array.npy");
        NpyFile.Write(path, (ReadOnlySpan<int>)[1, 2], 2);

        using (var writer = NpyFile.Create<int>(path, 3))
            writer.Append([7, 8]);

        Assert.Equal([1, 2], NpyFile.Read<int>(path).Values);
        Assert.Equal([path], Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void Wrong_number_of_values_is_refused_when_it_does_not_match_the_shape()
    {
        Assert.Throws<InvalidOperationException>(() => NpyFile.Write(_folder.File("a.npy"), (ReadOnlySpan<int>)[1, 2], 3));
        Assert.Throws<InvalidOperationException>(() => NpyFile.Write(_folder.File("a.npy"), (ReadOnlySpan<int>)[1, 2], 1));
        Assert.Empty(Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void Reading_names_the_file_and_the_fault_when_it_is_damaged()
    {
        var path = _folder.File("array.npy");
        NpyFile.Write(path, (ReadOnlySpan<float>)[1, 2], 2);
        var whole = File.ReadAllBytes(path);

        File.WriteAllBytes(path, whole[..^1]);
        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => NpyFile.Read<float>(path)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(path, [.. whole, 0]);
        Assert.Contains("after the last value", Assert.Throws<InvalidDataException>(() => NpyFile.Read<float>(path)).Message, StringComparison.Ordinal);
        foreach (var shape in new[] { "(4000000000000,)", "(99999999999999999999,)", "(4000000000, 4000000000)" })
        {
            var dictionary = $"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n";
            File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, 1, 0, (byte)dictionary.Length, 0, .. Encoding.ASCII.GetBytes(dictionary), 0, 0, 0, 0]);
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => NpyFile.Read<float>(path)).Message, StringComparison.Ordinal);
        }

        File.WriteAllBytes(path, [.. "PK"u8, .. whole[2..]]);
        Assert.Contains("mark", Assert.Throws<InvalidDataException>(() => NpyFile.Read<float>(path)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(path, whole);
        Assert.Contains("'<f8' was expected", Assert.Throws<InvalidDataException>(() => NpyFile.Read<double>(path)).Message, StringComparison.Ordinal);
        Assert.Contains("'<U' was expected", Assert.Throws<InvalidDataException>(() => NpyFile.ReadStrings(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Version_2_files_can_be_read_and_fortran_order_is_refused()
    {
        var path = _folder.File("other.npy");
        var dictionary = "{'descr': '<i4', 'fortran_order': False, 'shape': (1,), }\n";
        byte[] version2 = [0x93, .. "NUMPY"u8, 2, 0, (byte)dictionary.Length, 0, 0, 0, .. Encoding.ASCII.GetBytes(dictionary), 9, 0, 0, 0];

        File.WriteAllBytes(path, version2);
        Assert.Equal([9], NpyFile.Read<int>(path).Values);

        dictionary = dictionary.Replace("False", "True", StringComparison.Ordinal);
        File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, 1, 0, (byte)dictionary.Length, 0, .. Encoding.ASCII.GetBytes(dictionary), 9, 0, 0, 0]);
        Assert.Contains("Fortran order", Assert.Throws<InvalidDataException>(() => NpyFile.Read<int>(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Writing_names_the_file_when_its_folder_is_gone()
    {
        var path = Path.Combine(_folder.Root, "gone", "a.npy");

        var exception = Assert.Throws<RunDirectoryException>(() => NpyFile.WriteStrings(path, ["5"]));

        Assert.Equal(path, exception.Path);
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.Contains("folder", exception.Message, StringComparison.Ordinal);
    }
}

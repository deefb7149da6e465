using System.Buffers.Binary;
using System.Text;

namespace ElasticityStream.EndToEnd.Telemetry;

/// <summary>A message in the encoding of protocol buffers, without knowledge of its fields but their numbers.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Field, ulong Number, byte[]? Bytes)> _fields = [];

    public ProtobufMessage(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var key = Varint(ref bytes);
            var field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    _fields.Add((field, Varint(ref bytes), null));
                    break;
                case 1:
                    _fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(bytes), null));
                    bytes = bytes[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref bytes);
                    _fields.Add((field, 0, bytes[..length].ToArray()));
                    bytes = bytes[length..];
                    break;
                case 5:
                    _fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(bytes), null));
                    bytes = bytes[4..];
                    break;
                default:
                    throw new InvalidDataException($"Wire type {key & 7} is not used.");
            }
        }
    }

    /// <summary>The messages in a repeated field.</summary>
    public IEnumerable<ProtobufMessage> All(int field) => _fields.Where(f => f.Field == field).Select(f => new ProtobufMessage(f.Bytes));

    /// <summary>The messages at the end of a path of repeated fields.</summary>
    public IEnumerable<ProtobufMessage> All(params ReadOnlySpan<int> path)
    {
        IEnumerable<ProtobufMessage> messages = [this];
        foreach (var field in path)
            messages = messages.SelectMany(m => m.All(field)).ToArray();
        return messages;
    }

    public bool Has(int field) => _fields.Exists(f => f.Field == field);

    public byte[] Bytes(int field) => _fields.FirstOrDefault(f => f.Field == field).Bytes ?? [];

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public double Double(int field) => BitConverter.UInt64BitsToDouble(_fields.First(f => f.Field == field).Number);

    public ulong Number(int field) => _fields.First(f => f.Field == field).Number;

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        var (value, shift) = (0UL, 0);
        while (true)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
            shift += 7;
        }
    }
}

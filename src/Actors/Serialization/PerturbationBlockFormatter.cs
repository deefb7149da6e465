using ElasticityStream.Compute.Probing;
using MessagePack;
using MessagePack.Formatters;

namespace ElasticityStream.Actors.Serialization;

/// <summary>Perturbations as [steps, probes, changes, magnitudes or nil].</summary>
internal sealed class PerturbationBlockFormatter : IMessagePackFormatter<PerturbationBlock?>
{
    public void Serialize(ref MessagePackWriter writer, PerturbationBlock? value, MessagePackSerializerOptions options)
    {
        if (value is null)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteArrayHeader(4);
        writer.Write(value.Steps);
        writer.Write(value.Probes);
        RawArrays.Write(ref writer, value.Change);
        RawArrays.Write(ref writer, value.Magnitude);
    }

    public PerturbationBlock? Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
    {
        if (reader.TryReadNil())
            return null;
        if (reader.ReadArrayHeader() != 4)
            throw new MessagePackSerializationException("Perturbations have four fields: steps, probes, changes, magnitudes.");
        var (steps, probes) = (reader.ReadInt32(), reader.ReadInt32());
        var change = RawArrays.ReadRequired<double>(ref reader);
        var magnitude = RawArrays.Read<double>(ref reader);
        if (steps < 0 || probes < 0 || change.LongLength != (long)steps * probes || (magnitude is not null && magnitude.Length != change.Length))
            throw new MessagePackSerializationException($"{change.Length} perturbations are not {steps} steps x {probes} probes.");
        return new PerturbationBlock(steps, probes, change, magnitude);
    }
}

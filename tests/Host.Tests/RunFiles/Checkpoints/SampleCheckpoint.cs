using System.Runtime.InteropServices;
using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Host.RunFiles.Checkpoints;

namespace ElasticityStream.Host.Tests.RunFiles.Checkpoints;

/// <summary>Checkpoints that differ in every value, and what it takes for two to be the same.</summary>
internal static class SampleCheckpoint
{
    /// <summary>Three parts and five arrays, one of each type and an empty one.</summary>
    public static StudyCheckpoint Create(long step, int seed = 0) => new(
        step,
        [1, 2, 3, (byte)seed],
        new Dictionary<string, CarriedState>
        {
            ["trainer"] = new([
                new CarriedArray("weights-0", new[] { 1.5f, seed, float.NaN }),
                new CarriedArray("generator", new[] { long.MinValue, step, seed })]),
            ["evaluator-0"] = new([
                new CarriedArray("z", new[] { 0.1, -0.0, seed, step }),
                new CarriedArray("counts", new[] { int.MinValue, seed }),
                new CarriedArray("a", Array.Empty<float>())]),
            ["clustering"] = new([]),
        });

    /// <summary>Both have the same parts, arrays, order of arrays, types and bits.</summary>
    public static void AssertSame(StudyCheckpoint expected, StudyCheckpoint actual)
    {
        Assert.Equal(expected.Step, actual.Step);
        Assert.Equal(expected.State, actual.State);
        Assert.Equal(expected.Parts.Keys.Order(), actual.Parts.Keys.Order());
        foreach (var (part, state) in expected.Parts)
        {
            Assert.Equal(state.Arrays.Select(array => array.Name), actual.Parts[part].Arrays.Select(array => array.Name));
            Assert.All(state.Arrays.Zip(actual.Parts[part].Arrays), pair =>
            {
                Assert.Equal(pair.First.Values.GetType(), pair.Second.Values.GetType());
                Assert.True(Bits(pair.First.Values).SequenceEqual(Bits(pair.Second.Values)), $"{part}.{pair.First.Name}");
            });
        }
    }

    /// <summary>Opens a store whose study has the fingerprint "study" and whose run is "run".</summary>
    public static CheckpointStore Store(string folder, int keep = 2, int? keepEvery = null, Action<string>? before = null) =>
        new(folder, "run", "study", keep, keepEvery, new Progress.FakeTime(), notRemoved: null, new FolderOperations(before));

    private static ReadOnlySpan<byte> Bits(Array values) => MemoryMarshal.CreateReadOnlySpan(
        ref MemoryMarshal.GetArrayDataReference(values), Buffer.ByteLength(values));
}

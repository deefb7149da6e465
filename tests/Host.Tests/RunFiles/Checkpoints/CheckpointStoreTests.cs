using CsCheck;
using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Compute.Probing;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.RunFiles.Checkpoints;
using ElasticityStream.Host.Tests.Progress;

namespace ElasticityStream.Host.Tests.RunFiles.Checkpoints;

public sealed class CheckpointStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTime _time = new();

    private string Folder => _folder.File("checkpoints");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Checkpoint_is_what_it_was_and_says_where_it_comes_from_when_it_is_loaded()
    {
        var store = new CheckpointStore(Folder, "20260301-093005-a1b2c3", "sgd of 64 units", keep: 1, keepEvery: null, _time);
        var checkpoint = SampleCheckpoint.Create(4096);

        var bytes = store.Save(checkpoint);

        var loaded = Assert.IsType<LoadedCheckpoint>(CheckpointReader.LoadLatest(Folder));
        SampleCheckpoint.AssertSame(checkpoint, loaded.Checkpoint);
        Assert.Empty(loaded.PassedOver);
        Assert.Equal(
            new SavedCheckpoint(
                Path.Combine(Folder, "step-000000004096"), 1, 4096, _time.GetUtcNow(), bytes, "20260301-093005-a1b2c3", "sgd of 64 units", SoftwareVersions.OfThisProgram),
            loaded.Saved);
        Assert.Equal([loaded.Saved], CheckpointReader.List(Folder).Checkpoints);
        Assert.Equal(new DirectoryInfo(loaded.Saved.Folder).GetFiles().Sum(file => file.Length), bytes);
        Assert.Equal(["step-000000004096"], Directory.GetFileSystemEntries(Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Arrays_come_back_bit_by_bit_whatever_they_hold()
    {
        var store = SampleCheckpoint.Store(Folder, keep: 1);
        var step = 0L;
        // Every bit pattern: most NaN payloads do not survive arithmetic, or a conversion.
        Gen.Select(
                Gen.UInt.Select(BitConverter.UInt32BitsToSingle).Array[0, 40], Gen.ULong.Select(BitConverter.UInt64BitsToDouble).Array[0, 40],
                Gen.Int.Array[0, 40], Gen.Long.Array[0, 40], Gen.Byte.Array[0, 100])
            .Sample(
                (floats, doubles, ints, longs, state) =>
                {
                    var checkpoint = new StudyCheckpoint(step++, state, new Dictionary<string, CarriedState>
                    {
                        ["a"] = new([new("d", doubles), new("f", floats)]),
                        ["b"] = new([new("l", longs), new("i", ints), new("f", floats)]),
                    });
                    store.Save(checkpoint);
                    SampleCheckpoint.AssertSame(checkpoint, CheckpointReader.LoadLatest(Folder)!.Checkpoint);
                },
                iter: 30, threads: 1);
    }

    [Fact]
    public void Signalling_nan_and_both_zeros_keep_their_bits()
    {
        var doubles = new ulong[] { 0x7FF0_0000_0000_0001, 0xFFF8_DEAD_BEEF_0001, 0x8000_0000_0000_0000, 0, 1 };
        var floats = new uint[] { 0x7F80_0001, 0xFFC0_BEEF, 0x8000_0000, 0, 1 };
        var checkpoint = new StudyCheckpoint(0, [], new Dictionary<string, CarriedState>
        {
            ["a"] = new([
                new("d", doubles.Select(BitConverter.UInt64BitsToDouble).ToArray()),
                new("f", floats.Select(BitConverter.UInt32BitsToSingle).ToArray())]),
        });

        SampleCheckpoint.Store(Folder).Save(checkpoint);

        SampleCheckpoint.AssertSame(checkpoint, CheckpointReader.LoadLatest(Folder)!.Checkpoint);
        Assert.Equal(
            doubles, NpyFile.Read<double>(Path.Combine(Folder, "step-000000000000", "a.d.npy")).Values.Select(BitConverter.DoubleToUInt64Bits));
    }

    [Fact]
    public void Array_of_several_chunks_comes_back_and_is_a_npy_file()
    {
        var values = Enumerable.Range(0, 300_001).Select(k => (double)k).ToArray();
        var checkpoint = new StudyCheckpoint(7, [], new Dictionary<string, CarriedState> { ["evaluator-1"] = new([new("z", values)]) });

        SampleCheckpoint.Store(Folder).Save(checkpoint);

        SampleCheckpoint.AssertSame(checkpoint, CheckpointReader.LoadLatest(Folder)!.Checkpoint);
        var (read, shape) = NpyFile.Read<double>(Path.Combine(Folder, "step-000000000007", "evaluator-1.z.npy"));
        Assert.Equal([values.Length], shape);
        Assert.Equal(values, read);
    }

    [Fact]
    public void Array_is_saved_and_loaded_without_a_second_copy_of_it()
    {
        const int Length = 2_000_000;
        const int OverheadBytes = 1 << 20;
        var checkpoint = new StudyCheckpoint(1, [], new Dictionary<string, CarriedState> { ["a"] = new([new("z", new double[Length])]) });
        var store = SampleCheckpoint.Store(Folder);

        var before = GC.GetAllocatedBytesForCurrentThread();
        store.Save(checkpoint);
        var saved = GC.GetAllocatedBytesForCurrentThread();
        _ = CheckpointReader.LoadLatest(Folder);
        var loaded = GC.GetAllocatedBytesForCurrentThread();

        Assert.InRange(saved - before, 0, OverheadBytes);
        Assert.InRange(loaded - saved, Length * sizeof(double), Length * sizeof(double) + OverheadBytes);
    }

    [Fact]
    public void Checkpoint_comes_back_when_it_has_no_arrays_or_no_parts()
    {
        var store = SampleCheckpoint.Store(Folder);
        foreach (var parts in new Dictionary<string, CarriedState>[] { [], new() { ["accumulator"] = new([]) } })
        {
            var checkpoint = new StudyCheckpoint(parts.Count, [], parts);
            store.Save(checkpoint);
            SampleCheckpoint.AssertSame(checkpoint, CheckpointReader.LoadLatest(Folder)!.Checkpoint);
        }
    }

    [Fact]
    public void Checkpoint_is_loaded_by_its_folder_wherever_that_was_moved_to()
    {
        var store = SampleCheckpoint.Store(Folder, keep: 2);
        store.Save(SampleCheckpoint.Create(10));
        store.Save(SampleCheckpoint.Create(20));
        Directory.Move(Path.Combine(Folder, "step-000000000010"), _folder.File("before-the-jump"));

        var loaded = CheckpointReader.Load($"{_folder.File("before-the-jump")}/");

        SampleCheckpoint.AssertSame(SampleCheckpoint.Create(10), loaded.Checkpoint);
        Assert.Equal(20, CheckpointReader.LoadLatest(Folder)!.Saved.Step);
    }

    [Fact]
    public void Numbers_go_on_after_a_resume_and_the_last_saved_is_the_newest_after_a_rewind()
    {
        var first = SampleCheckpoint.Store(Folder, keep: 9);
        first.Save(SampleCheckpoint.Create(100));
        first.Save(SampleCheckpoint.Create(200));
        first.Save(SampleCheckpoint.Create(300));

        SampleCheckpoint.Store(Folder, keep: 9).Save(SampleCheckpoint.Create(150));

        Assert.Equal([(4, 150), (3, 300), (2, 200), (1, 100)], CheckpointReader.List(Folder).Checkpoints.Select(saved => (saved.Number, saved.Step)));
        Assert.Equal(150, CheckpointReader.LoadLatest(Folder)!.Saved.Step);
    }

    [Fact]
    public void Same_step_saved_again_takes_the_place_of_the_one_before_it_even_if_that_is_damaged()
    {
        var store = SampleCheckpoint.Store(Folder, keep: 2);
        store.Save(SampleCheckpoint.Create(5, seed: 1));
        store.Save(SampleCheckpoint.Create(6, seed: 2));
        File.Delete(Path.Combine(Folder, "step-000000000006", "manifest.msgpack"));

        SampleCheckpoint.Store(Folder, keep: 2).Save(SampleCheckpoint.Create(6, seed: 3));

        var loaded = CheckpointReader.LoadLatest(Folder)!;
        SampleCheckpoint.AssertSame(SampleCheckpoint.Create(6, seed: 3), loaded.Checkpoint);
        Assert.Equal(2, loaded.Saved.Number);
        Assert.Empty(loaded.PassedOver);
        Assert.Equal(["step-000000000005", "step-000000000006"], Directory.GetFileSystemEntries(Folder).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("Z")]
    [InlineData("")]
    [InlineData("../z")]
    [InlineData("a.b")]
    [InlineData("z\n")]
    public void Name_that_could_be_more_than_a_part_of_a_file_name_is_refused(string name)
    {
        var store = SampleCheckpoint.Store(Folder);
        var arrays = new CarriedState([new(name, new float[1])]);

        Assert.Throws<ArgumentException>(() => store.Save(new StudyCheckpoint(0, [], new Dictionary<string, CarriedState> { ["a"] = arrays })));
        Assert.Throws<ArgumentException>(() => store.Save(new StudyCheckpoint(0, [], new Dictionary<string, CarriedState> { [name] = new([]) })));
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
    }

    [Fact]
    public void Arrays_that_cannot_be_saved_are_refused_before_anything_is_written()
    {
        var store = SampleCheckpoint.Store(Folder);
        CarriedState[] wrong =
        [
            new([new("z", new float[1]), new("z", new float[1])]), new([new("z", new float[1, 1])]), new([new("z", new byte[1])]),
            new([new("z", new uint[1])]), new([new("z", new string[1])]),
        ];

        Assert.All(wrong, state => Assert.Throws<ArgumentException>(
            () => store.Save(new StudyCheckpoint(0, [], new Dictionary<string, CarriedState> { ["a"] = state }))));
        Assert.Throws<ArgumentOutOfRangeException>(() => store.Save(SampleCheckpoint.Create(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleCheckpoint.Store(Folder, keep: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleCheckpoint.Store(Folder, keepEvery: 0));
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
    }

    [Fact]
    public void Model_has_its_checkpoints_in_a_folder_that_a_run_without_any_does_not_have()
    {
        var run = RunDirectory.Create(_folder.File("runs"), "s", _time, hasContrast: true);

        Assert.Equal(Path.Combine(run.Root, "checkpoints"), run.Main.Checkpoints);
        Assert.Equal(Path.Combine(run.Root, "contrast", "checkpoints"), run.Contrast!.Checkpoints);
        Assert.False(Path.Exists(run.Main.Checkpoints));
    }
}

using CsCheck;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.RunFiles.Checkpoints;

namespace ElasticityStream.Host.Tests.RunFiles.Checkpoints;

/// <summary>What was damaged is never loaded, and never hides what was not.</summary>
public sealed class CheckpointDamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Folder => _folder.File("checkpoints");

    private string Newest => Path.Combine(Folder, "step-000000000002");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Checkpoint_before_is_loaded_and_the_newest_named_whatever_file_of_it_is_damaged_in_whatever_way()
    {
        SaveTwo();
        var files = Directory.GetFiles(Newest).Order().ToArray();
        Gen.Select(Gen.Int[0, files.Length - 1], Gen.Enum<Damage>(), Gen.Double[0, 1], Gen.Byte[1, 255], Gen.Byte.Array[1, 20]).Sample(
            (which, damage, where, mask, garbage) =>
            {
                var good = File.ReadAllBytes(files[which]);
                Apply(damage, files[which], good, where, mask, garbage);

                AssertFirstIsLoaded(expectedInReason: Path.GetFileName(files[which]));
                Assert.Throws<RunDirectoryException>(() => CheckpointReader.Load(Newest));

                File.WriteAllBytes(files[which], good);
                SampleCheckpoint.AssertSame(SampleCheckpoint.Create(2, 2), CheckpointReader.LoadLatest(Folder)!.Checkpoint);
            },
            iter: 2_000, threads: 1);
    }

    [Fact]
    public void Checkpoint_before_is_loaded_when_the_newest_is_half_deleted_or_its_files_are_those_of_another()
    {
        SaveTwo();
        var files = Directory.GetFiles(Newest).Order().ToDictionary(path => path, File.ReadAllBytes);
        Gen.Bool.Array[files.Count].Where(gone => gone.Contains(true)).Sample(
            gone =>
            {
                foreach (var file in files.Keys.Zip(gone).Where(pair => pair.Second))
                    File.Delete(file.First);
                AssertFirstIsLoaded("is missing");
                foreach (var (path, bytes) in files)
                    File.WriteAllBytes(path, bytes);
            },
            iter: 50, threads: 1);

        // As a copy by hand gives it: every file is whole, and of the right size.
        File.Copy(Path.Combine(Folder, "step-000000000001", "evaluator-0.z.npy"), Path.Combine(Newest, "evaluator-0.z.npy"), overwrite: true);
        AssertFirstIsLoaded("evaluator-0.z.npy does not match its checksum (the file was changed or is damaged)");
        File.Copy(Path.Combine(Folder, "step-000000000001", "manifest.msgpack"), Path.Combine(Newest, "manifest.msgpack"), overwrite: true);
        AssertFirstIsLoaded("manifest.msgpack is that of step 1");
    }

    [Fact]
    public void Reason_names_the_checkpoint_and_the_file_as_the_user_finds_them()
    {
        SaveTwo();
        var bytes = File.ReadAllBytes(Path.Combine(Newest, "evaluator-0.z.npy"));
        bytes[^1] ^= 1;
        File.WriteAllBytes(Path.Combine(Newest, "evaluator-0.z.npy"), bytes);

        Assert.Equal(
            ["checkpoints/step-000000000002: evaluator-0.z.npy does not match its checksum (the file was changed or is damaged)"],
            CheckpointReader.LoadLatest(Folder)!.PassedOver);
        var exception = Assert.Throws<RunDirectoryException>(() => CheckpointReader.Load(Newest));
        Assert.Equal(Newest, exception.Path);
        Assert.Equal(
            $"The checkpoint '{Newest}' cannot be loaded: evaluator-0.z.npy does not match its checksum (the file was changed or is damaged). Choose another one.",
            exception.Message);
    }

    [Fact]
    public void Loading_fails_with_every_reason_when_all_are_damaged()
    {
        SaveTwo();
        File.Delete(Path.Combine(Newest, "manifest.msgpack"));
        File.Delete(Path.Combine(Folder, "step-000000000001", "trainer.generator.npy"));

        var exception = Assert.Throws<RunDirectoryException>(() => CheckpointReader.LoadLatest(Folder));

        Assert.Equal(Folder, exception.Path);
        Assert.Equal(
            $"No checkpoint in '{Folder}' can be loaded: checkpoints/step-000000000002: manifest.msgpack is missing; "
            + "checkpoints/step-000000000001: trainer.generator.npy is missing. Start the study anew.",
            exception.Message);
        var listing = CheckpointReader.List(Folder);
        Assert.Equal([1], listing.Checkpoints.Select(saved => saved.Step));
        Assert.Equal(["checkpoints/step-000000000002: manifest.msgpack is missing"], listing.PassedOver);
    }

    [Fact]
    public void There_is_no_checkpoint_and_no_failure_when_there_is_no_folder_or_nothing_of_a_checkpoint_in_it()
    {
        Assert.Null(CheckpointReader.LoadLatest(Folder));
        Assert.Empty(CheckpointReader.List(Folder).Checkpoints);

        SampleCheckpoint.Store(Folder).Save(SampleCheckpoint.Create(1));
        Directory.Move(Path.Combine(Folder, "step-000000000001"), Path.Combine(Folder, ".step-000000000001.tmp"));
        foreach (var other in new[] { "step-1", "step-00000000000x", "step-0000000000001", "step-99999999999999999999", "notes", "step-000000000003.bak" })
            Directory.CreateDirectory(Path.Combine(Folder, other));
        File.WriteAllText(Path.Combine(Folder, "step-000000000004"), "a file");

        Assert.Null(CheckpointReader.LoadLatest(Folder));
        Assert.Contains("no checkpoint", Assert.Throws<RunDirectoryException>(() => CheckpointReader.Load(_folder.File("none"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_or_link_in_place_of_a_file_is_damage_like_any_other()
    {
        SaveTwo();
        var file = Path.Combine(Newest, "evaluator-0.z.npy");
        File.Delete(file);
        Directory.CreateDirectory(file);
        AssertFirstIsLoaded("evaluator-0.z.npy is missing");

        Assert.SkipWhen(OperatingSystem.IsWindows(), "NOT TESTED: links and devices are those of Unix.");
        Directory.Delete(file);
        // Without an end: whoever starts to read it does not come back.
        File.CreateSymbolicLink(file, "/dev/zero");
        AssertFirstIsLoaded("evaluator-0.z.npy");
    }

    private void SaveTwo()
    {
        var store = SampleCheckpoint.Store(Folder);
        store.Save(SampleCheckpoint.Create(1, 1));
        store.Save(SampleCheckpoint.Create(2, 2));
    }

    private void AssertFirstIsLoaded(string expectedInReason)
    {
        var loaded = CheckpointReader.LoadLatest(Folder)!;
        SampleCheckpoint.AssertSame(SampleCheckpoint.Create(1, 1), loaded.Checkpoint);
        Assert.StartsWith("checkpoints/step-000000000002: ", Assert.Single(loaded.PassedOver), StringComparison.Ordinal);
        Assert.Contains(expectedInReason, loaded.PassedOver[0], StringComparison.Ordinal);
    }

    private static void Apply(Damage damage, string file, byte[] good, double where, byte mask, byte[] garbage)
    {
        var at = Math.Min((int)(where * good.Length), good.Length - 1);
        switch (damage)
        {
            case Damage.Changed:
                var changed = good.ToArray();
                changed[at] ^= mask;
                File.WriteAllBytes(file, changed);
                break;
            case Damage.Truncated:
                File.WriteAllBytes(file, good[..at]);
                break;
            case Damage.Deleted:
                File.Delete(file);
                break;
            case Damage.Appended:
                File.WriteAllBytes(file, [.. good, .. garbage]);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(damage));
        }
    }

    private enum Damage
    {
        Changed,
        Truncated,
        Deleted,
        Appended,
    }
}

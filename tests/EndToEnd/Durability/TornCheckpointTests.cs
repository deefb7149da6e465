using System.Security.Cryptography;
using ElasticityStream.EndToEnd.Fixtures;

namespace ElasticityStream.EndToEnd.Durability;

/// <summary>Checkpoints and databases that are not what was written: one that is whole is found, or nothing is touched.</summary>
public sealed class TornCheckpointTests(KilledRun killed, UndisturbedRuns undisturbed) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Damages => [.. Torn.Keys];

    private static Dictionary<string, Func<string, string>> Torn { get; } = new(StringComparer.Ordinal)
    {
        ["an array is truncated"] = checkpoint => Change(LargestArray(checkpoint), bytes => bytes[..(bytes.Length / 2)]),
        ["an array has a flipped bit"] = checkpoint => Change(LargestArray(checkpoint), bytes => Flipped(bytes, bytes.Length - 1)),
        ["an array is missing"] = checkpoint => Delete(LargestArray(checkpoint)),
        ["the manifest is truncated"] = checkpoint => Change(Manifest(checkpoint), bytes => bytes[..(bytes.Length / 2)]),
        ["the manifest has a flipped bit"] = checkpoint => Change(Manifest(checkpoint), bytes => Flipped(bytes, bytes.Length / 3)),
        ["the manifest is empty"] = checkpoint => Change(Manifest(checkpoint), _ => []),
        ["the manifest is missing"] = checkpoint => Delete(Manifest(checkpoint)),
        ["every second file is missing"] = checkpoint =>
        {
            foreach (var file in Directory.GetFiles(checkpoint).Order(StringComparer.Ordinal).Where((_, k) => k % 2 == 0))
                Delete(file);
            return "is missing";
        },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task A_checkpoint_that_is_torn_is_passed_over_with_the_reason(string damage)
    {
        var run = await killed.CopyAsync(_folder);
        var checkpoints = Checkpoints(run);
        var damaged = Torn[damage](checkpoints[^1]);

        var ended = (await HostProcess.RunAsync(_folder.Root, "resume", run.Root)).Returned(0);

        var said = Assert.Single(ended.Error.Split('\n'), l => l.StartsWith("Passed over: ", StringComparison.Ordinal));
        Assert.StartsWith($"Passed over: checkpoints/{Path.GetFileName(checkpoints[^1])}: ", said, StringComparison.Ordinal);
        Assert.Contains(Path.GetFileName(damaged), said, StringComparison.Ordinal);
        Assert.Contains($"goes on at step {Step(checkpoints[^2])}, ", ended.Error, StringComparison.Ordinal);
        SameBits.Check(await undisturbed.OfAsync(KilledRun.Study), run);
    }

    [Fact]
    public async Task The_one_before_does_where_the_newest_is_gone()
    {
        var run = await killed.CopyAsync(_folder);
        var checkpoints = Checkpoints(run);
        Directory.Delete(checkpoints[^1], recursive: true);

        var ended = (await HostProcess.RunAsync(_folder.Root, "resume", run.Root)).Returned(0);

        Assert.Contains($"goes on at step {Step(checkpoints[^2])}, ", ended.Error, StringComparison.Ordinal);
        SameBits.Check(await undisturbed.OfAsync(KilledRun.Study), run);
    }

    [Fact]
    public async Task Nothing_is_touched_where_no_checkpoint_is_whole()
    {
        var run = await killed.CopyAsync(_folder);
        foreach (var checkpoint in Checkpoints(run))
            Change(LargestArray(checkpoint), bytes => Flipped(bytes, bytes.Length / 2));

        var error = await RefusedAsync(run, 1);

        Assert.Contains("can be loaded", error, StringComparison.Ordinal);
        foreach (var checkpoint in Checkpoints(run))
            Assert.Contains($"checkpoints/{Path.GetFileName(checkpoint)}: {Path.GetFileName(LargestArray(checkpoint))} ", error, StringComparison.Ordinal);
        Assert.Contains("Start the study anew", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_touched_where_the_database_is_missing()
    {
        var run = await killed.CopyAsync(_folder);
        Delete(run.At("run.db"));

        Assert.Contains($"'{run.At("run.db")}' is missing", await RefusedAsync(run, 2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_was_being_created_is_created_anew()
    {
        var run = await killed.CopyAsync(_folder);
        Directory.Delete(run.At("checkpoints"), recursive: true);
        Delete(run.At("run.db-wal"));
        Delete(run.At("run.db-shm"));
        File.WriteAllBytes(run.At("run.db"), []);

        var ended = (await HostProcess.RunAsync(_folder.Root, "resume", run.Root)).Returned(0);

        Assert.Contains("no checkpoint yet; it begins anew", ended.Error, StringComparison.Ordinal);
        SameBits.Check(await undisturbed.OfAsync(KilledRun.Study), run);
    }

    [Fact]
    public async Task Files_that_were_being_written_do_not_stay()
    {
        var run = await killed.CopyAsync(_folder);
        foreach (var file in new[] { "run.json", "similarity/relative.npy", "similarity/sweeps/step-000000203-ntk.npy", "weights/final/layer1.bias.npy", "plots/loss.png" })
            File.WriteAllText(run.At($"{file}.0123456789abcdef0123456789abcdef.tmp"), "half");
        var unfinished = Directory.CreateDirectory(run.At("checkpoints/.step-000000000400.tmp"));
        File.WriteAllText(Path.Combine(unfinished.FullName, "trainer.weights.npy"), "half");

        (await HostProcess.RunAsync(_folder.Root, "resume", run.Root)).Returned(0);

        SameBits.Check(await undisturbed.OfAsync(KilledRun.Study), run);
    }

    private async Task<string> RefusedAsync(RunFolder run, int exitCode)
    {
        var before = Hashes(run);
        var ended = (await HostProcess.RunAsync(_folder.Root, "resume", run.Root)).Returned(exitCode);
        Assert.Equal(before, Hashes(run));
        Assert.Empty(ended.Output);
        return ended.Error;
    }

    private static string[] Hashes(RunFolder run) =>
    [
        .. Directory.GetFiles(run.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => $"{f} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f)))}"),
    ];

    // The oldest first.
    private static string[] Checkpoints(RunFolder run) => [.. Directory.GetDirectories(run.At("checkpoints"), "step-*").Order(StringComparer.Ordinal)];

    private static long Step(string checkpoint) => long.Parse(Path.GetFileName(checkpoint)["step-".Length..], System.Globalization.CultureInfo.InvariantCulture);

    private static string LargestArray(string checkpoint) => Directory.GetFiles(checkpoint, "*.npy").OrderBy(f => f, StringComparer.Ordinal).MaxBy(f => new FileInfo(f).Length)!;

    private static string Manifest(string checkpoint) => Path.Combine(checkpoint, "manifest.msgpack");

    private static byte[] Flipped(byte[] bytes, int at)
    {
        bytes[at] ^= 1;
        return bytes;
    }

    private static string Change(string file, Func<byte[], byte[]> change)
    {
        File.WriteAllBytes(file, change(File.ReadAllBytes(file)));
        return file;
    }

    private static string Delete(string file)
    {
        File.Delete(file);
        return file;
    }
}

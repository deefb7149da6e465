using System.Security.Cryptography;
using ElasticityStream.Compute.Native;

namespace ElasticityStream.Compute.Tests.Native;

public sealed class PatchedLibraryFileTests : IDisposable
{
    private const string Name = "libLibTorchSharp.so";
    private const UnixFileMode OnlyTheUser = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly byte[] Original = RandomNumberGenerator.GetBytes(100_000);
    private static readonly byte[] Patched = [.. Original[..^1], (byte)(Original[^1] ^ 2)];

    private readonly TemporaryFolder _cache = new();

    public void Dispose() => _cache.Dispose();

    [Fact]
    public void File_holds_the_patched_bytes()
    {
        var path = PatchedLibraryFile.Place(_cache.Path, Name, Original, Patched);

        Assert.Equal(Patched, File.ReadAllBytes(path));
        Assert.Equal([path], _cache.AllFiles);
    }

    [Fact]
    public void File_is_not_written_again_when_it_is_right()
    {
        var path = PatchedLibraryFile.Place(_cache.Path, Name, Original, Patched);
        var longAgo = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, longAgo);

        Assert.Equal(path, PatchedLibraryFile.Place(_cache.Path, Name, Original, Patched));
        Assert.Equal(longAgo, File.GetLastWriteTimeUtc(path));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(100_000)]
    [InlineData(100_001)]
    public void File_is_built_again_when_it_is_damaged(int length)
    {
        var path = PatchedLibraryFile.Place(_cache.Path, Name, Original, Patched);
        File.WriteAllBytes(path, new byte[length]);

        Assert.Equal(path, PatchedLibraryFile.Place(_cache.Path, Name, Original, Patched));
        Assert.Equal(Patched, File.ReadAllBytes(path));
        Assert.Equal([path], _cache.AllFiles);
    }

    [Fact]
    public void File_has_another_place_when_the_original_is_another()
    {
        var path = PatchedLibraryFile.Place(_cache.Path, Name, Original, Patched);

        Assert.NotEqual(path, PatchedLibraryFile.Place(_cache.Path, Name, Patched, Patched));
    }

    [Fact]
    public async Task File_is_whole_and_alone_when_many_make_it_at_once()
    {
        for (var round = 0; round < 10; round++)
        {
            var cache = _cache.Combine($"round {round}");
            using var start = new Barrier(8);
            var makers = Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait(TestContext.Current.CancellationToken);
                    var path = PatchedLibraryFile.Place(cache, Name, Original, Patched);
                    return (path, File.ReadAllBytes(path));
                },
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default));

            var made = await Task.WhenAll(makers);

            Assert.All(made, one => Assert.Equal(Patched, one.Item2));
            var path = Assert.Single(made.Select(one => one.path).Distinct());
            Assert.Equal([path], Directory.GetFiles(cache, "*", SearchOption.AllDirectories));
        }
    }

    [Fact]
    public void Folder_is_for_the_user_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("NOT TESTED: Windows has no Unix permissions.");
            return;
        }

        var folder = Path.GetDirectoryName(PatchedLibraryFile.Place(_cache.Path, Name, Original, Patched))!;
        Assert.Equal(OnlyTheUser, File.GetUnixFileMode(folder));

        File.SetUnixFileMode(folder, OnlyTheUser | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite);
        PatchedLibraryFile.Place(_cache.Path, Name, Original, Patched);

        Assert.Equal(OnlyTheUser, File.GetUnixFileMode(folder));
        Assert.Equal(OnlyTheUser, File.GetUnixFileMode(Path.GetDirectoryName(folder)!));
    }

    [Fact]
    public void Placing_fails_and_leaves_nothing_when_the_file_cannot_be_replaced()
    {
        var path = PatchedLibraryFile.Place(_cache.Path, Name, Original, Patched);
        File.Delete(path);
        Directory.CreateDirectory(path);

        var failure = Assert.ThrowsAny<SystemException>(() => PatchedLibraryFile.Place(_cache.Path, Name, Original, Patched));

        Assert.True(failure is IOException or UnauthorizedAccessException, failure.ToString());
        Assert.Empty(_cache.AllFiles);
    }

    [Theory]
    [InlineData("/x", "/home/u", "/x")]
    [InlineData(null, "/home/u", "/home/u/.cache")]
    [InlineData("", "/home/u", "/home/u/.cache")]
    [InlineData("relative", "/home/u", "/home/u/.cache")]
    [InlineData(null, "", null)]
    [InlineData(null, null, null)]
    public void User_cache_follows_the_xdg_specification(string? xdg, string? home, string? expected)
    {
        var cache = PatchedLibraryFile.UserCache(name => name == "XDG_CACHE_HOME" ? xdg : name == "HOME" ? home : null);

        Assert.Equal(expected, cache?.Replace('\\', '/'));
    }
}

using ElasticityStream.Compute.Native;

namespace ElasticityStream.Compute.Tests.Native;

public sealed class TorchLibraryTests : IDisposable
{
    private const string OldSystem = "/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found";

    private readonly TemporaryFolder _program = new();
    private readonly TemporaryFolder _user = new();
    private readonly byte[] _shipped = new SyntheticLibrary().Build();
    private readonly string _library;
    private readonly string _torch;
    private readonly string _cache;

    public TorchLibraryTests()
    {
        _library = _program.Combine(TorchLibrary.FileName);
        _torch = _program.Combine("libtorch.so");
        _cache = _user.Combine("cache");
        File.WriteAllBytes(_library, _shipped);
        File.WriteAllBytes(_torch, [1]);
    }

    public void Dispose()
    {
        _program.Dispose();
        _user.Dispose();
    }

    [Fact]
    public void Library_is_used_as_it_is_and_nothing_written_when_it_loads()
    {
        var loader = new ScriptedLoader(_ => null);

        var loaded = Library(loader).Load();

        Assert.Null(loaded.PatchedCopy);
        Assert.Equal(2, loaded.Handle);
        Assert.Equal([_torch, _library], loader.Asked.Select(asked => asked.Path));
        Assert.Empty(Directory.GetFileSystemEntries(_user.Path));
        AssertProgramUntouched();
    }

    [Fact]
    public void Copy_in_the_cache_is_used_when_the_version_is_missing()
    {
        var loader = new ScriptedLoader(path => path == _library ? OldSystem : null);

        var loaded = Library(loader).Load();

        Assert.StartsWith(_cache, loaded.PatchedCopy, StringComparison.Ordinal);
        Assert.Equal([_torch, _library, loaded.PatchedCopy], loader.Asked.Select(asked => asked.Path));
        Assert.Equal(WeakSymbolVersion.Apply(_shipped, _library), loader.Asked[^1].Content);
        Assert.Equal([loaded.PatchedCopy], _user.AllFiles);
        AssertProgramUntouched();
    }

    [Fact]
    public void Temporary_copy_is_used_and_removed_when_the_cache_cannot_be_written()
    {
        // A file where the folder should be keeps out even root, whom permissions do not.
        File.WriteAllText(_cache, "in the way");
        var loader = new ScriptedLoader(path => path == _library ? OldSystem : null);

        AssertTemporary(loader, Library(loader).Load());
    }

    [Fact]
    public void Temporary_copy_is_used_and_removed_when_there_is_no_cache()
    {
        var loader = new ScriptedLoader(path => path == _library ? OldSystem : null);

        AssertTemporary(loader, new TorchLibrary(loader, [_program.Path], cache: null).Load());
    }

    [Fact]
    public void Temporary_copy_is_used_and_removed_when_the_one_in_the_cache_does_not_load()
    {
        var loader = new ScriptedLoader(path => path == _library ? OldSystem : path.StartsWith(_cache, StringComparison.Ordinal) ? "noexec" : null);

        AssertTemporary(loader, Library(loader).Load());
    }

    [Fact]
    public void Failure_says_all_that_was_tried_and_what_would_help()
    {
        var loader = new ScriptedLoader(path => path == _torch ? "no torch" : path == _library ? OldSystem : $"refused copy {path}");

        var failure = Assert.Throws<DllNotFoundException>(() => Library(loader).Load());

        Assert.Contains($"{_torch}: no torch", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"{_library}: {OldSystem}", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, failure.Message.Split(": refused copy").Length - 1);
        Assert.Contains("a newer libstdc++ helps", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(loader.Asked[^1].Path));
    }

    [Fact]
    public void Failure_is_told_and_nothing_written_when_something_else_is_wrong()
    {
        var loader = new ScriptedLoader(path => path == _library ? "version `GLIBCXX_3.4.33' not found" : null);

        var failure = Assert.Throws<DllNotFoundException>(() => Library(loader).Load());

        Assert.Contains("GLIBCXX_3.4.33", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_user.Path));
    }

    [Fact]
    public void Failure_names_the_reason_when_the_library_cannot_do_without_the_version()
    {
        File.WriteAllBytes(_library, new SyntheticLibrary { Symbols = [("_ZSt7newcallv", "GLIBCXX_3.4.32")] }.Build());
        var loader = new ScriptedLoader(path => path == _library ? OldSystem : null);

        var failure = Assert.Throws<DllNotFoundException>(() => Library(loader).Load());

        Assert.Contains("_ZSt7newcallv", failure.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidDataException>(failure.InnerException);
        Assert.Empty(Directory.GetFileSystemEntries(_user.Path));
    }

    [Fact]
    public void Failure_names_the_folders_when_the_library_is_not_there()
    {
        File.Delete(_library);
        var other = _user.Combine("other");

        var failure = Assert.Throws<DllNotFoundException>(() => new TorchLibrary(new ScriptedLoader(_ => null), [_program.Path, other], _cache).Load());

        Assert.Contains($"{_program.Path}, {other}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Libraries_are_found_in_different_folders_when_packages_are_used_in_place()
    {
        var package = Directory.CreateDirectory(_program.Combine("libtorch-package")).FullName;
        var moved = Path.Combine(package, "libtorch.so");
        File.Move(_torch, moved);
        var loader = new ScriptedLoader(_ => null);

        new TorchLibrary(loader, [package, _program.Path], _cache).Load();

        Assert.Equal([moved, _library], loader.Asked.Select(asked => asked.Path));
    }

    private TorchLibrary Library(ScriptedLoader loader) => new(loader, [_program.Path], _cache);

    private void AssertTemporary(ScriptedLoader loader, LoadedTorchLibrary loaded)
    {
        Assert.StartsWith(Path.GetTempPath(), loaded.PatchedCopy, StringComparison.Ordinal);
        Assert.Equal(loaded.PatchedCopy, loader.Asked[^1].Path);
        Assert.Equal(WeakSymbolVersion.Apply(_shipped, _library), loader.Asked[^1].Content);
        var ownFolder = Path.GetRelativePath(Path.GetTempPath(), loaded.PatchedCopy!).Split(Path.DirectorySeparatorChar)[0];
        Assert.False(Directory.Exists(Path.Combine(Path.GetTempPath(), ownFolder)));
        AssertProgramUntouched();
    }

    private void AssertProgramUntouched()
    {
        Assert.Equal([_library, _torch], _program.AllFiles.Order(StringComparer.Ordinal));
        Assert.Equal(_shipped, File.ReadAllBytes(_library));
    }
}

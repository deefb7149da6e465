using ElasticityStream.Compute.Native;

namespace ElasticityStream.Compute.Tests.Native;

public sealed class WeakSymbolVersionTests
{
    private const string Path = "some/library.so";

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Patch_sets_one_bit_and_keeps_every_other_one(ushort flags)
    {
        var library = new SyntheticLibrary { Flags = flags }.Build();

        var patched = WeakSymbolVersion.Apply(library, Path);

        var changed = Assert.Single(Differences(library, patched));
        Assert.Equal(flags, library[changed]);
        Assert.Equal(flags | 2, patched[changed]);
        // The last but one of five versions in the two groups at the end of the section: its flags are 4 bytes into its entry.
        var secondVersionOfLastNeed = library.Length - (5 * 64) - 32 + 4;
        Assert.Equal(secondVersionOfLastNeed, changed);
    }

    [Fact]
    public void Patch_sets_one_bit_of_the_shipped_library()
    {
        var library = ShippedLibrary.Read();

        var patched = WeakSymbolVersion.Apply(library, ShippedLibrary.Path);

        var changed = Assert.Single(Differences(library, patched));
        Assert.Equal(0, library[changed]);
        Assert.Equal(2, patched[changed]);
    }

    [Fact]
    public void Patch_of_a_patched_library_changes_nothing()
    {
        var once = WeakSymbolVersion.Apply(new SyntheticLibrary().Build(), Path);

        Assert.Equal(once, WeakSymbolVersion.Apply(once, Path));
    }

    [Fact]
    public void Patch_leaves_its_input_alone()
    {
        var library = new SyntheticLibrary().Build();
        var before = library.ToArray();

        _ = WeakSymbolVersion.Apply(library, Path);

        Assert.Equal(before, library);
    }

    [Theory]
    [InlineData(0, 0x7e, "not an ELF file")]
    [InlineData(4, 1, "not a 64-bit ELF file: its class byte is 1")]
    [InlineData(5, 2, "not a little-endian ELF file: its data byte is 2")]
    [InlineData(58, 40, "section headers of 40 bytes where 64 are expected")]
    [InlineData(60, 0, "no section .gnu.version_r")]
    [InlineData(60, 200, "cut off or damaged: its section table would be 12800 bytes")]
    public void Patch_refuses_another_kind_of_file_when_its_header_says_so(int offset, byte value, string expected)
    {
        var library = new SyntheticLibrary().Build();
        library[offset] = value;

        var refusal = Assert.Throws<InvalidDataException>(() => WeakSymbolVersion.Apply(library, Path));

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(Path, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Patch_names_the_versions_it_found_when_the_one_is_not_among_them()
    {
        var library = new SyntheticLibrary
        {
            Needs = [("libc.so.6", ["GLIBCXX_3.4.32"]), ("libstdc++.so.6", ["GLIBCXX_3.4", "GLIBCXX_3.4.33"])],
            Symbols = [],
        };

        var refusal = Assert.Throws<InvalidDataException>(() => WeakSymbolVersion.Apply(library.Build(), Path));

        Assert.Contains("it requires GLIBCXX_3.4, GLIBCXX_3.4.33", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Patch_refuses_a_version_that_is_listed_twice()
    {
        var library = new SyntheticLibrary { Needs = [("libstdc++.so.6", ["GLIBCXX_3.4.32", "GLIBCXX_3.4.32"])], Symbols = [] };

        var refusal = Assert.Throws<InvalidDataException>(() => WeakSymbolVersion.Apply(library.Build(), Path));

        Assert.Contains("twice", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Patch_refuses_a_library_that_calls_something_of_the_version()
    {
        var library = new SyntheticLibrary
        {
            Needs = [("libstdc++.so.6", ["GLIBCXX_3.4.32"])],
            Symbols = [(SyntheticLibrary.Marker, "GLIBCXX_3.4.32"), ("_ZSt7newcallv", "GLIBCXX_3.4.32")],
        };

        var refusal = Assert.Throws<InvalidDataException>(() => WeakSymbolVersion.Apply(library.Build(), Path));

        Assert.Contains("_ZSt7newcallv", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Patch_refuses_every_truncation()
    {
        var library = new SyntheticLibrary().Build();

        for (var length = 0; length < library.Length; length++)
        {
            var part = library.AsMemory(0, length);
            Assert.Throws<InvalidDataException>(() => WeakSymbolVersion.Apply(part.Span, Path));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 20)]
    public void Patch_refuses_or_sets_one_bit_when_bytes_are_damaged(int seed, int damages)
    {
        var library = new SyntheticLibrary().Build();
        var random = new SeededRandom(seed, stream: 0);

        // Both outcomes have to occur, or the damage hits nothing that matters.
        var (refused, patched) = Damage(library, random, damages, trials: 5_000, offset: 0, library.Length);

        Assert.NotEqual(0, refused);
        Assert.True(damages > 1 || patched > 0);
    }

    [Fact]
    public void Patch_refuses_or_sets_one_bit_when_the_shipped_library_is_damaged()
    {
        var library = ShippedLibrary.Read();
        var random = new SeededRandom(seed: 4, stream: 0);
        var flags = WeakSymbolVersion.FlagsOffset(library, Path);
        var table = (int)BitConverter.ToUInt64(library, 40);

        Damage(library, random, damages: 2, trials: 100, offset: 0, library.Length);
        Assert.NotEqual(0, Damage(library, random, damages: 2, trials: 200, table, library.Length).Refused);
        Assert.NotEqual(0, Damage(library, random, damages: 2, trials: 200, flags - 0x140, flags + 0xD0).Refused);
        for (var i = 0; i < 100; i++)
        {
            var length = random.NextInt32(library.Length);
            Assert.Throws<InvalidDataException>(() => WeakSymbolVersion.Apply(library.AsSpan(0, length), Path));
        }
    }

    private static (int Refused, int Patched) Damage(byte[] library, SeededRandom random, int damages, int trials, int offset, int end)
    {
        var refused = 0;
        var damaged = new byte[library.Length];
        for (var trial = 0; trial < trials; trial++)
        {
            library.CopyTo(damaged, 0);
            for (var i = 0; i < damages; i++)
                damaged[offset + random.NextInt32(end - offset)] = (byte)random.NextInt32(256);
            try
            {
                var differences = Differences(damaged, WeakSymbolVersion.Apply(damaged, Path));
                Assert.True(differences.Count <= 1, $"trial {trial} changed {differences.Count} bytes");
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        return (refused, trials - refused);
    }

    private static List<int> Differences(byte[] before, byte[] after)
    {
        Assert.Equal(before.Length, after.Length);
        var differences = new List<int>();
        var start = 0;
        while (start < before.Length)
        {
            var same = before.AsSpan(start).CommonPrefixLength(after.AsSpan(start));
            start += same;
            if (start < before.Length)
                differences.Add(start++);
        }

        return differences;
    }
}

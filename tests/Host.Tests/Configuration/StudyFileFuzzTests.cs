using System.Text;
using CsCheck;
using ElasticityStream.Host.Configuration;

namespace ElasticityStream.Host.Tests.Configuration;

/// <summary>Ready studies with random damage: the answer is a study or errors, never an exception.</summary>
public sealed class StudyFileFuzzTests
{
    private const ulong SeedCount = 3000;

    private static readonly string[] Fragments =
    [
        "\n", " ", "  ", "\t", ":", ": ", "- ", "[", "]", "{", "}", ",", "#", "&a ", "*a", "!", "!!int ", "|", ">", "|-\n", "'", "\"", "\\", "\\x", "\\u12", "\\UFFFFFFFF",
        "%", "%YAML 9.9\n", "@", "`", "?", "? ", "---\n", "...\n", "<<: *a\n", "null", "~", "1e999", "-", "0", "\0", "\uFEFF", "\u2028", "\uD800", "😀", "[[[[[[[[", "{{{{{{{{",
        "99999999999999999999999", "a.b", "=", "&a [*a]", "\r", "\u0085",
    ];

    private static readonly string[] Starts = ["", "seed", "model.hidden=", "source.options.primary=", "probe=", "a"];

    [Fact]
    public void A_damaged_study_gives_a_study_or_errors_and_never_an_exception()
    {
        var texts = RepositoryFiles.Studies.Select(File.ReadAllText).ToArray();
        var damage = Gen.Select(Gen.Int[0, 3], Gen.Double[0, 1], Gen.Int[0, 30], Gen.Int[0, Fragments.Length - 1]);
        var damages = Gen.Select(Gen.Int[0, texts.Length - 1], damage.Array[1, 6]);

        ForEachSeed(seed =>
        {
            var (which, changes) = damages.Generate(new PCG(1, seed), null, out _);
            var text = new StringBuilder(texts[which]);
            foreach (var (kind, where, length, fragment) in changes)
                Damage(text, kind, (int)(where * text.Length), length, Fragments[fragment]);
            var result = StudyFile.Parse(text.ToString(), "s.yaml", [], TestSources.Known);

            Assert.Equal(result.IsValid, result.Errors.Count == 0);
            Assert.All(result.Errors, error => Assert.DoesNotContain('\n', error.ToString()));
            if (result.IsValid)
                Assert.Equal(result.Configuration, StudyFile.Parse(StudyFile.ToYaml(result.Configuration), "s.yaml", [], TestSources.Known).Configuration);
        });
    }

    [Fact]
    public void A_random_override_gives_a_study_or_errors_and_never_an_exception()
    {
        var overrides = Gen.Select(Gen.Int[0, Fragments.Length - 1].Array[0, 4], Gen.Int[0, Starts.Length - 1]);

        ForEachSeed(seed =>
        {
            var (fragments, which) = overrides.Generate(new PCG(2, seed), null, out _);
            var given = Starts[which] + string.Concat(fragments.Select(fragment => Fragments[fragment]));
            var result = StudyFile.Parse(Studies.Smallest, "s.yaml", [given], TestSources.Known);

            Assert.Equal(result.IsValid, result.Errors.Count == 0);
        });
    }

    private static void ForEachSeed(Action<ulong> test)
    {
        for (var seed = 0UL; seed < SeedCount; seed++)
        {
            try
            {
                test(seed);
            }
            catch (Exception exception)
            {
                Assert.Fail($"Seed {seed}: {exception}");
            }
        }
    }

    private static void Damage(StringBuilder text, int kind, int where, int length, string fragment)
    {
        var removed = Math.Min(length, text.Length - where);
        switch (kind)
        {
            case 0:
                text.Remove(where, removed);
                break;
            case 1:
                text.Insert(where, fragment);
                break;
            case 2:
                text.Remove(where, removed).Insert(where, fragment);
                break;
            default:
                text.Insert(where, text.ToString(where, removed));
                break;
        }
    }
}

namespace ElasticityStream.EndToEnd.Fixtures;

/// <summary>A study that takes two seconds, and variants of it.</summary>
public static class SmallStudy
{
    /// <summary>60 primary and 40 auxiliary digits, one pass.</summary>
    public const string Text = """
        name: small
        seed: 1
        source:
          type: mnist
          options: { primary: [5, 9], auxiliary: [4, 8], primaryPerClass: 30, auxiliaryPerClass: 20, scaling: symmetric }
        model: { type: mlp, hidden: [16] }
        training: { learningRate: 0.006 }
        clustering: { restarts: 4 }
        """;

    /// <summary>The command line that runs the study, with values replaced.</summary>
    /// <param name="folder">Takes the study file.</param>
    /// <param name="replaced">As in <c>--set</c>.</param>
    public static string[] Arguments(TemporaryFolder folder, params string[] replaced) => ArgumentsOf(folder, Text, replaced);

    /// <summary>The command line that runs a study, with values replaced.</summary>
    /// <param name="folder">Takes the study file.</param>
    /// <param name="text">The study.</param>
    /// <param name="replaced">As in <c>--set</c>.</param>
    public static string[] ArgumentsOf(TemporaryFolder folder, string text, params string[] replaced) =>
        ["run", folder.Write("small.yaml", text), .. replaced.SelectMany(r => new[] { "--set", r })];

    /// <summary>Runs it to its end, which must be good, and returns what it left behind.</summary>
    /// <param name="folder">The working directory.</param>
    /// <param name="replaced">As in <c>--set</c>.</param>
    public static async Task<RunFolder> RunAsync(TemporaryFolder folder, params string[] replaced)
    {
        (await HostProcess.RunAsync(folder.Root, Arguments(folder, replaced))).Returned(0);
        return RunFolder.Only(folder.At("runs"), "small");
    }
}

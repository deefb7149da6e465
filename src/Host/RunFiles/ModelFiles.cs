namespace ElasticityStream.Host.RunFiles;

/// <summary>Where the results of one model of a run lie: of the study's own model, or of its contrast.</summary>
public sealed class ModelFiles
{
    internal ModelFiles(string root) => Root = root;

    /// <summary>The folder that all others are in: the run's own, or <c>contrast/</c> in it.</summary>
    public string Root { get; }

    /// <summary><c>run.db</c>: what was measured, step by step.</summary>
    public string Database => Path.Combine(Root, "run.db");

    /// <summary><c>similarity/</c>: the matrices and what their rows are.</summary>
    public string Similarity => Path.Combine(Root, "similarity");

    /// <summary><c>weights/initial/</c>: the parameters before the first step.</summary>
    public string InitialWeights => Path.Combine(Root, "weights", "initial");

    /// <summary><c>weights/final/</c>: the parameters after the last step.</summary>
    public string FinalWeights => Path.Combine(Root, "weights", "final");

    /// <summary><c>checkpoints/</c>: what a study is resumed from; there only once a <see cref="Checkpoints.CheckpointStore"/> was opened on it.</summary>
    public string Checkpoints => Path.Combine(Root, "checkpoints");

    /// <summary><c>plots/</c>: the pictures.</summary>
    public string Plots => Path.Combine(Root, "plots");

    /// <summary>The raw matrix of a measure, <c>similarity/&lt;measure&gt;.npy</c>.</summary>
    /// <param name="measure">"relative" or "kernelized".</param>
    public string Matrix(string measure) => Path.Combine(Similarity, $"{measure}.npy");

    /// <summary>The symmetrised matrix of a measure, <c>similarity/&lt;measure&gt;-symmetric.npy</c>.</summary>
    /// <param name="measure">"relative" or "kernelized".</param>
    public string SymmetricMatrix(string measure) => Path.Combine(Similarity, $"{measure}-symmetric.npy");

    /// <summary>What the rows of a measure's matrices are, <c>similarity/&lt;measure&gt;-&lt;what&gt;.npy</c>.</summary>
    /// <param name="measure">"relative" or "kernelized": probes measured under the one may be degenerate under the other.</param>
    /// <param name="what">"ids", "labels", "classes" or "counts".</param>
    public string Probes(string measure, string what) => Path.Combine(Similarity, $"{measure}-{what}.npy");

    /// <summary>The neural tangent kernel at the weights that the matrices are measured at, <c>similarity/ntk.npy</c>.</summary>
    public string Kernel => Path.Combine(Similarity, "ntk.npy");

    /// <summary>The neural tangent kernel at the weights of one sweep, <c>similarity/sweeps/step-&lt;step&gt;-ntk.npy</c>.</summary>
    /// <param name="step">The number of steps done.</param>
    public string SweepKernel(long step) => Sweep(step, "ntk");

    /// <summary>The raw matrix of one sweep, <c>similarity/sweeps/step-&lt;step&gt;-&lt;measure&gt;.npy</c>.</summary>
    /// <param name="step">The number of steps done.</param>
    /// <param name="measure">"relative" or "kernelized".</param>
    public string Sweep(long step, string measure) => Path.Combine(Sweeps, $"step-{step:d9}-{measure}.npy");

    /// <summary>The indices of the probes that are the rows of a sweep's matrix.</summary>
    /// <param name="step">The number of steps done.</param>
    /// <param name="measure">"relative" or "kernelized".</param>
    public string SweepProbes(long step, string measure) => Path.Combine(Sweeps, $"step-{step:d9}-{measure}-probes.npy");

    /// <summary>A picture, <c>plots/&lt;name&gt;.png</c>.</summary>
    public string Plot(string name) => Path.Combine(Plots, $"{name}.png");

    private string Sweeps => Path.Combine(Similarity, "sweeps");

    internal IEnumerable<string> Folders => [Similarity, Sweeps, InitialWeights, FinalWeights, Plots];
}

using ElasticityStream.Compute.Models;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// An evaluator's half of a probe engine: some of the probes, and what of the model is needed to follow it. Bound to one thread.
/// </summary>
public interface IProbeShard : IDisposable
{
    /// <summary>Recomputes everything that is carried from step to step from the model's weights.</summary>
    /// <param name="weights">All parameters of the model.</param>
    void Load(NetworkWeights weights);

    /// <summary>
    /// Computes how every step of a block moves the predictions at the shard's probes, and follows the steps that were applied.
    /// </summary>
    /// <param name="updates">Made by the stepper of the same engine, in the order of the steps and without a gap.</param>
    /// <exception cref="ArgumentException">The updates are those of another engine or of another shape.</exception>
    PerturbationBlock Perturb(UpdateBlock updates);

    /// <summary>Copies everything that it carries from step to step. Changes nothing: no later bit differs for it.</summary>
    /// <exception cref="InvalidOperationException">The shard has no weights yet.</exception>
    CarriedState Capture();

    /// <summary>
    /// Goes on from what a shard of the same engine and probes captured, in place of <see cref="Load"/>; one that was closed is closed anew before. One
    /// that refused a state may have no weights any more.
    /// </summary>
    /// <exception cref="ArgumentException">The state is that of another engine or of other shapes; which array, and what is expected.</exception>
    void Restore(CarriedState state);
}

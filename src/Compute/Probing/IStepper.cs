using ElasticityStream.Compute.Models;
using TorchSharp;

namespace ElasticityStream.Compute.Probing;

/// <summary>
/// The trainer's half of a probe engine: owns the model, takes SGD steps, and describes each for the probe shards. Bound to one
/// thread (torch's dispose scopes and gradient modes are).
/// </summary>
public interface IStepper : IDisposable
{
    /// <summary>eta, above 0; set before the first step.</summary>
    double LearningRate { get; set; }

    /// <summary>The model, with its weights as they are now. To be read: what is written to it may or may not take effect.</summary>
    torch.nn.Module<torch.Tensor, torch.Tensor> Model { get; }

    /// <summary>Takes B steps of batch size one, in order.</summary>
    /// <param name="features">B x d, row-major.</param>
    /// <param name="labels">B labels.</param>
    /// <param name="apply">
    /// True: each step starts from the weights after the one before. False: virtual steps; every one starts from the present
    /// weights, which stay as they are.
    /// </param>
    /// <exception cref="NonFiniteLossException">The loss at a sample is not finite; the weights hold the steps before it.</exception>
    SteppedBlock Step(ReadOnlySpan<double> features, ReadOnlySpan<double> labels, bool apply);

    /// <summary>Computes anew what is carried from step to step, and returns the weights for the shards to do the same.</summary>
    NetworkWeights Rebase();

    /// <summary>
    /// K(x, x) = v^T (df/dw)(df/dw)^T v at the present weights: the squared norm of the gradient of the output, or with K outputs
    /// of the outputs along the unit loss gradient v. The limit of S_ker(x, x) on the logit as eta goes to 0.
    /// </summary>
    double KernelDiagonal(ReadOnlySpan<double> features, double label);

    /// <summary>One step of mini-batch SGD on the mean loss of m samples, for training before the study.</summary>
    /// <param name="features">m x d, row-major.</param>
    /// <param name="labels">m labels.</param>
    /// <param name="learningRate">The rate of this step.</param>
    /// <returns>The mean loss before the step.</returns>
    double TrainMiniBatch(ReadOnlySpan<double> features, ReadOnlySpan<double> labels, double learningRate);

    /// <summary>Copies everything that the next steps depend on, but <see cref="LearningRate"/>. Changes nothing: no later bit differs for it.</summary>
    CarriedState Capture();

    /// <summary>
    /// Goes on from what a stepper of the same engine captured; one that was closed is closed anew before. One that refused a state may hold a part of
    /// it, and is of no use but to restore another.
    /// </summary>
    /// <exception cref="ArgumentException">The state is that of another engine or of other shapes; which array, and what is expected.</exception>
    void Restore(CarriedState state);
}

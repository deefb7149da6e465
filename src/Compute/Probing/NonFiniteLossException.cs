namespace ElasticityStream.Compute.Probing;

/// <summary>The loss at a sample is NaN or infinite, so that a step there would destroy the weights.</summary>
public sealed class NonFiniteLossException : Exception
{
    /// <summary>Creates the exception without a place.</summary>
    public NonFiniteLossException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public NonFiniteLossException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    public NonFiniteLossException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception for the step of a block.</summary>
    /// <param name="stepInBlock">The index of the sample within the block that was stepped.</param>
    /// <param name="loss">The loss there.</param>
    public NonFiniteLossException(int stepInBlock, double loss)
        : this($"The loss is {loss}.")
    {
        StepInBlock = stepInBlock;
    }

    /// <summary>The index, within the block, of the sample whose loss is not finite.</summary>
    public int StepInBlock { get; }
}

namespace ElasticityStream.EndToEnd.Fixtures;

/// <summary>The losses of the design, section 3.1, and what f is under each.</summary>
/// <param name="Name">"mse", "bce-probability", "bce-logit" or "cross-entropy".</param>
public sealed record PlainLoss(string Name)
{
    /// <summary>L at the outputs.</summary>
    public double Loss(double[] outputs, double label) => Name switch
    {
        "mse" => (outputs[0] - label) * (outputs[0] - label),
        "cross-entropy" => -Math.Log(Softmax(outputs)[(int)label]),
        _ => -((label * Math.Log(Sigmoid(outputs[0]))) + ((1 - label) * Math.Log(1 - Sigmoid(outputs[0])))),
    };

    /// <summary>dL/dz, z the outputs: what back-propagation starts from.</summary>
    public double[] OutputGradient(double[] outputs, double label) => Name switch
    {
        "mse" => [2 * (outputs[0] - label)],
        "cross-entropy" => [.. Softmax(outputs).Select((p, k) => p - (k == (int)label ? 1 : 0))],
        _ => [Sigmoid(outputs[0]) - label],
    };

    /// <summary>f: the outputs, or the probability.</summary>
    public double[] Prediction(double[] outputs) => Name == "bce-probability" ? [Sigmoid(outputs[0])] : outputs;

    /// <summary>dL/df, f the prediction.</summary>
    public double[] Gradient(double[] outputs, double label)
    {
        var gradient = OutputGradient(outputs, label);
        if (Name != "bce-probability")
            return gradient;
        var p = Sigmoid(outputs[0]);
        return [gradient[0] / (p * (1 - p))];
    }

    /// <summary>What run.db shows as the prediction.</summary>
    public double Shown(double[] outputs, double label) =>
        Name == "cross-entropy" ? Softmax(outputs)[(int)label] : Prediction(outputs)[0];

    private static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    private static double[] Softmax(double[] outputs)
    {
        var highest = outputs.Max();
        var powers = Array.ConvertAll(outputs, z => Math.Exp(z - highest));
        return Array.ConvertAll(powers, e => e / powers.Sum());
    }
}

namespace ElasticityStream.Host.RunFiles;

/// <summary>The mean loss over a window of consecutive steps.</summary>
/// <param name="FirstStep">The first step of the window.</param>
/// <param name="LastStep">The last step recorded in it.</param>
/// <param name="MeanLoss">The mean over the steps whose loss is finite.</param>
/// <param name="Accuracy">The fraction of steps whose prediction agreed with the label, in [0, 1].</param>
public sealed record LossWindow(long FirstStep, long LastStep, double MeanLoss, double Accuracy);

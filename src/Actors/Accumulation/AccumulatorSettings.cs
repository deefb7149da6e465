using ElasticityStream.Actors.Checkpoints;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Actors.Studies;
using ElasticityStream.Actors.Telemetry;
using ElasticityStream.Compute.Similarity;

namespace ElasticityStream.Actors.Accumulation;

/// <summary>How an accumulator gathers rows.</summary>
/// <param name="Probes">The probe set.</param>
/// <param name="Shards">How many evaluators there are.</param>
/// <param name="RowUpdate">What a row becomes when it is measured again.</param>
/// <param name="EwmaWeight">The weight of the newest row under <see cref="Compute.Similarity.RowUpdate.Ewma"/>.</param>
/// <param name="RowsFromSweeps">Whether S is the latest sweep instead of the rows of the training steps.</param>
/// <param name="Bias">Whether the network has biases; so does the linear model that is its reference.</param>
/// <param name="RecordEvery">Steps between two rows of a recorded series.</param>
/// <param name="ClusterEvery">Steps between two clusterings; null to cluster at the end only.</param>
/// <param name="Window">Steps over which the reported loss is averaged.</param>
/// <param name="TotalSteps">How many steps the study will take, if that is known.</param>
/// <param name="Recorder">Where rows are recorded.</param>
/// <param name="Progress">Told after every block.</param>
/// <param name="Metrics">Told what is measured.</param>
/// <param name="Restored">What the study goes on from; null if it begins.</param>
public sealed record AccumulatorSettings(
    ProbeSet Probes, int Shards, RowUpdate RowUpdate, double EwmaWeight, bool RowsFromSweeps, bool Bias, long RecordEvery,
    long? ClusterEvery, int Window, long? TotalSteps, IStudyRecorder Recorder, IProgress<StudyProgress> Progress,
    StudyMetrics Metrics, RestoredStudy? Restored);

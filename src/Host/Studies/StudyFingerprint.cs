using System.Globalization;
using System.IO.Hashing;
using System.Text;
using ElasticityStream.Host.Configuration;

namespace ElasticityStream.Host.Studies;

/// <summary>Tells whether two studies are the same as far as their results go: a checkpoint of the one can be gone on from by the other.</summary>
internal static class StudyFingerprint
{
    /// <summary>The XxHash128 of every value that a result depends on, as 32 hexadecimal digits.</summary>
    public static string Of(StudyConfiguration study)
    {
        // Where and how it can be watched, saved and recovered changes no result, nor do the folder of its runs and its name.
        var same = study with
        {
            Name = "study",
            Output = study.Output with { Directory = "runs" },
            Checkpoint = new CheckpointSection(),
            Recovery = new RecoverySection(),
            Telemetry = new TelemetrySection(),
        };
        var hash = XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(StudyText.Of(same)));
        return hash.ToString("x32", CultureInfo.InvariantCulture);
    }
}

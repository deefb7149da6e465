using ElasticityStream.Actors.Telemetry;
using OpenTelemetry;

namespace ElasticityStream.Host.Telemetry;

/// <summary>
/// Counts what is not delivered of one signal: what found the queue full, and what the endpoint did not take. The queue is counted here, since the
/// exporters of the library keep the number of what they drop to themselves.
/// </summary>
/// <param name="meter">Where it is counted.</param>
/// <param name="signal">Of which signal.</param>
/// <param name="queue">How many items may wait.</param>
internal sealed class DroppedItems(ElasticityMeter meter, Signal signal, int queue)
{
    private int _waiting;

    /// <summary>Takes a place in the queue; false where there is none.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _waiting) <= queue)
            return true;
        Interlocked.Decrement(ref _waiting);
        meter.TelemetryDropped(signal.Name(), 1);
        return false;
    }

    /// <summary>Items have been handed to the endpoint, with this result.</summary>
    public ExportResult Leave(long items, ExportResult result)
    {
        Interlocked.Add(ref _waiting, -(int)items);
        return Delivered(items, result);
    }

    /// <summary>Items that did not wait in the queue have been handed to the endpoint.</summary>
    public ExportResult Delivered(long items, ExportResult result)
    {
        if (result == ExportResult.Failure)
            meter.TelemetryDropped(signal.Name(), items);
        return result;
    }
}

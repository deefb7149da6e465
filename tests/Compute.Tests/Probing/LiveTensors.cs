using TorchSharp;

namespace ElasticityStream.Compute.Tests.Probing;

/// <summary>What is left behind in torch's memory.</summary>
internal static class LiveTensors
{
    /// <summary>Requires that as many tensors live after much work as after little.</summary>
    /// <param name="work">Does so much of it, and returns how many tensors of its thread live while it has not yet cleaned up.</param>
    public static void AssertSteady(Func<int, long> work)
    {
        // A thread of its own: torch counts live tensors by thread, and the other tests' are not ours.
        var (before, during, after) = (0L, 0L, 0L);
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                work(1);
                before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
                during = work(50);
                after = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        Assert.Null(failure);
        Assert.Equal(before, after);
        Assert.True(during > before, "What lives on is counted.");
    }
}

namespace ElasticityStream.Streams.Tests.Fixtures;

/// <summary>Counts, and says when a number is reached.</summary>
public sealed class Counter
{
    private readonly Lock _lock = new();
    private readonly List<(int Value, TaskCompletionSource Reached)> _awaited = [];
    private int _value;

    public int Value => Volatile.Read(ref _value);

    public void Increment()
    {
        lock (_lock)
        {
            _value++;
            foreach (var (_, reached) in _awaited.Where(a => a.Value <= _value))
                reached.TrySetResult();
        }
    }

    /// <summary>Completes when this has counted to <paramref name="value"/>.</summary>
    public Task ReachesAsync(int value)
    {
        lock (_lock)
        {
            if (_value >= value)
                return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((value, reached));
            return reached.Task;
        }
    }
}

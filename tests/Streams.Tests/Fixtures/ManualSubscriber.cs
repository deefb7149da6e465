using System.Threading.Channels;
using Reactive.Streams;

namespace ElasticityStream.Streams.Tests.Fixtures;

/// <summary>A consumer that takes an element only when the test says so.</summary>
/// <param name="cancellation">Ends every wait.</param>
public sealed class ManualSubscriber<T>(CancellationToken cancellation) : ISubscriber<T>
{
    private readonly Channel<T> _taken = Channel.CreateUnbounded<T>();
    private readonly TaskCompletionSource<ISubscription> _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Ended => _ended.Task.WaitAsync(cancellation);

    public async Task<T> TakeAsync()
    {
        (await _subscribed.Task.WaitAsync(cancellation)).Request(1);
        return await _taken.Reader.ReadAsync(cancellation);
    }

    public void OnSubscribe(ISubscription subscription) => _subscribed.SetResult(subscription);

    public void OnNext(T element) => _taken.Writer.TryWrite(element);

    public void OnError(Exception cause) => _ended.SetException(cause);

    public void OnComplete() => _ended.SetResult();
}

using System.Collections.Concurrent;

namespace ElasticityStream.Actors.Tests.Studies;

/// <summary>Hears of every task of the process that failed and was dropped, once its finalizer has run.</summary>
internal sealed class UnobservedTasks : IDisposable
{
    private readonly ConcurrentQueue<Exception> _exceptions = new();

    public UnobservedTasks() => TaskScheduler.UnobservedTaskException += Hear;

    public IReadOnlyCollection<Exception> Exceptions => _exceptions;

    public void Dispose() => TaskScheduler.UnobservedTaskException -= Hear;

    private void Hear(object? sender, UnobservedTaskExceptionEventArgs e) => _exceptions.Enqueue(e.Exception);
}

using Microsoft.Extensions.Hosting;

namespace ElasticityStream.Host.Commands;

/// <summary>
/// Leaves signals alone: the generic host's own lifetime would stop the actors at the first one, while a study ends its block, clusters
/// and writes (<see cref="Interruption"/>).
/// </summary>
internal sealed class NoSignalsLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

using System.Net.Sockets;
using System.Text;

namespace ElasticityStream.EndToEnd.Fixtures;

/// <summary>The end of a service manager at which services of Type=notify tell their state.</summary>
public sealed class ServiceManager : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public ServiceManager(TemporaryFolder folder)
    {
        _bound.CancelAfter(Bound);
        _socket.Bind(new UnixDomainSocketEndPoint(folder.At("notify")));
        Environment = new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = folder.At("notify") };
    }

    /// <summary>What a service is started with.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; }

    /// <summary>Starts the host as a service.</summary>
    public HostProcess Start(TemporaryFolder folder, params string[] arguments) =>
        HostProcess.Start(Repository.HostOutput, folder.Root, Environment, arguments);

    /// <summary>Waits for a message that holds a text; returns all up to it.</summary>
    public async Task<IReadOnlyList<string>> UntilAsync(string text)
    {
        var messages = new List<string>();
        var buffer = new byte[4096];
        do
        {
            var length = await _socket.ReceiveAsync(buffer, _bound.Token);
            messages.Add(Encoding.UTF8.GetString(buffer, 0, length));
        }
        while (!messages[^1].Contains(text, StringComparison.Ordinal));
        return messages;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _bound.Dispose();
    }
}

using System.Net;
using System.Net.Sockets;
using ElasticityStream.Host.Configuration;

namespace ElasticityStream.Host.Telemetry;

/// <summary>The socket at which a run is served, bound before the run begins.</summary>
internal sealed class TelemetryListener : IDisposable
{
    private TelemetryListener(Socket socket, int wanted)
    {
        Socket = socket;
        EndPoint = (IPEndPoint)socket.LocalEndPoint!;
        WantedPort = wanted;
    }

    public Socket Socket { get; }

    public IPEndPoint EndPoint { get; }

    /// <summary>The port that was asked for, 0 for any.</summary>
    public int WantedPort { get; }

    /// <summary>Where a browser or Prometheus on this machine reaches it, host:port.</summary>
    public string Address => new IPEndPoint(
        EndPoint.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : EndPoint.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : EndPoint.Address,
        EndPoint.Port).ToString();

    /// <summary>Binds the socket, at a free port where the one that is asked for is taken.</summary>
    /// <exception cref="TelemetryException">The address is not one of this machine, or may not be used.</exception>
    public static TelemetryListener Bind(TelemetrySection section)
    {
        var address = IPAddress.Parse(section.Address);
        try
        {
            try
            {
                return new TelemetryListener(Listen(address, section.Port), section.Port);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                return new TelemetryListener(Listen(address, 0), section.Port);
            }
        }
        catch (SocketException e)
        {
            throw new TelemetryException(
                $"telemetry: nothing can be served at {new IPEndPoint(address, section.Port)}: {e.Message}. State another telemetry.address or telemetry.port, "
                + "or telemetry.serve: false.", e);
        }
    }

    /// <summary>Says where the run is served, and what is to be known about that.</summary>
    public void Announce(TextWriter error)
    {
        var reason = WantedPort is 0 || WantedPort == EndPoint.Port ? "" : $", since port {WantedPort} is taken";
        error.WriteLine($"Live page at http://{Address}/{reason}. For Prometheus: http://{Address}/metrics");
        if (!IPAddress.IsLoopback(EndPoint.Address))
            error.WriteLine($"Warning: both can be read, without a password, by whoever reaches {EndPoint}.");
    }

    public void Dispose() => Socket.Dispose();

    private static Socket Listen(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            // At once: until then another program may bind the same port too.
            socket.Listen();
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }
}

using System.Net.Sockets;
using ElasticityStream.Host.Commands;
using ElasticityStream.Host.Progress;
using ElasticityStream.Host.Tests.Progress;
using Microsoft.Extensions.Hosting.Systemd;

namespace ElasticityStream.Host.Tests.Commands;

public sealed class ServiceProgressTests
{
    private static readonly ProgressSnapshot Preparing = new("preparing", "relu", 0, null, null, null, TimeSpan.Zero);
    private readonly FakeTime _time = new();
    private readonly Listener _next = new();
    private readonly Manager _manager = new();

    [Fact]
    public void Service_is_ready_at_the_first_report_and_tells_its_status_once_a_second_at_most()
    {
        using var service = new ServiceProgress(_next, _manager, _time);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(_manager.Told);

        service.Report(Preparing);
        Assert.Equal(["READY=1\nSTATUS=preparing  relu"], _manager.Told);

        for (var step = 1; step <= 25; step++)
        {
            service.Report(Training(step));
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(
            ["STATUS=training  relu  step 10/100 (10 %)  loss 0.125  index 0.600", "STATUS=training  relu  step 20/100 (20 %)  loss 0.125  index 0.600"],
            _manager.Told[1..]);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(4, _manager.Told.Count);
        Assert.Equal(26, _next.Count);
    }

    [Fact]
    public void End_is_told_and_what_is_done_until_then()
    {
        using var service = new ServiceProgress(_next, _manager, _time);
        service.Report(Preparing);

        service.Ending();
        service.Report(Training(7));
        _time.Advance(ServiceProgress.Interval);

        Assert.Equal(["STOPPING=1\nSTATUS=ending after the block under way", "STATUS=ending: training  relu  step 7/100 (7 %)  loss 0.125  index 0.600"], _manager.Told[1..]);
    }

    [Fact]
    public void Nothing_is_told_where_nobody_listens()
    {
        _manager.IsEnabled = false;
        using (var service = new ServiceProgress(_next, _manager, _time))
        {
            service.Report(Preparing);
            _time.Advance(TimeSpan.FromMinutes(1));
            service.Ending();
        }

        ServiceProgress.NothingToDo(_manager, "complete");
        Assert.Empty(_manager.Told);
        Assert.Equal(1, _next.Count);
    }

    [Fact]
    public void Service_that_has_nothing_to_do_is_ready_so_that_its_end_is_no_failure()
    {
        ServiceProgress.NothingToDo(_manager, "complete");

        Assert.Equal(["READY=1\nSTATUS=complete"], _manager.Told);
    }

    [Fact]
    public void Manager_that_cannot_be_reached_harms_nobody()
    {
        _manager.Failure = new SocketException((int)SocketError.ConnectionRefused);
        using var service = new ServiceProgress(_next, _manager, _time);

        service.Report(Preparing);
        service.Report(Training(1));
        _time.Advance(ServiceProgress.Interval);
        service.Ending();
        ServiceProgress.NothingToDo(_manager, "complete");

        Assert.Equal(4, _manager.Told.Count);
    }

    private static ProgressSnapshot Training(long step) => new("training", "relu", step, 100, 0.125, 0.6, TimeSpan.FromSeconds(step));

    private sealed class Listener : IProgress<ProgressSnapshot>
    {
        public int Count { get; private set; }

        public void Report(ProgressSnapshot value) => Count++;
    }

    private sealed class Manager : ISystemdNotifier
    {
        public List<string> Told { get; } = [];

        public bool IsEnabled { get; set; } = true;

        public Exception? Failure { get; set; }

        public void Notify(ServiceState state)
        {
            Told.Add(state.ToString());
            if (Failure is not null)
                throw Failure;
        }
    }
}

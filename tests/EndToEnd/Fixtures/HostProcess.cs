using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace ElasticityStream.EndToEnd.Fixtures;

/// <summary>The built host as a process, started as a user starts it.</summary>
public sealed partial class HostProcess : IDisposable
{
    // Often enough to come upon a checkpoint while it is written.
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(3);

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly CancellationTokenSource _bound;
    private readonly StringBuilder _error = new();

    private HostProcess(Process process, CancellationToken cancellationToken)
    {
        _process = process;
        _bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _bound.CancelAfter(Bound);
    }

    /// <summary>Whether it has ended, in whatever way.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Waits until something is so; false if the process ends before. What it is about is a file, of which nobody tells: it is looked at again and again.</summary>
    public async Task<bool> UntilAsync(Func<bool> isSo)
    {
        while (!HasEnded)
        {
            if (isSo())
                return true;
            await Task.Delay(Glance, TestContext.Current.CancellationToken);
        }

        return false;
    }

    /// <summary>Runs the host to its end.</summary>
    /// <param name="folder">Its working directory.</param>
    /// <param name="arguments">Its command line.</param>
    public static async Task<HostRun> RunAsync(string folder, params string[] arguments)
    {
        using var host = Start(folder, arguments);
        return await host.EndAsync();
    }

    /// <summary>Starts the host.</summary>
    /// <param name="folder">Its working directory.</param>
    /// <param name="arguments">Its command line.</param>
    public static HostProcess Start(string folder, params string[] arguments) =>
        Start(Repository.HostOutput, folder, new Dictionary<string, string?>(), arguments);

    /// <summary>Starts the host of another installation, or in another environment.</summary>
    /// <param name="installation">The folder that holds it.</param>
    /// <param name="folder">Its working directory.</param>
    /// <param name="environment">Variables that differ from those of the tests; null removes one.</param>
    /// <param name="arguments">Its command line.</param>
    public static HostProcess Start(
        string installation, string folder, IReadOnlyDictionary<string, string?> environment, params string[] arguments) =>
        StartBy([], installation, folder, environment, arguments);

    /// <summary>Starts the host by a program that changes what its process sees.</summary>
    /// <param name="launcher">That program and its arguments, after which come those of the host; empty for none.</param>
    /// <param name="installation">The folder that holds the host.</param>
    /// <param name="folder">Its working directory.</param>
    /// <param name="environment">Variables that differ from those of the tests; null removes one.</param>
    /// <param name="arguments">Its command line.</param>
    public static HostProcess StartBy(
        IReadOnlyList<string> launcher, string installation, string folder, IReadOnlyDictionary<string, string?> environment,
        params string[] arguments)
    {
        string[] command =
            [.. launcher, Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.Combine(installation, "elasticity.dll"), .. arguments];
        var start = new ProcessStartInfo(command[0])
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in command.Skip(1))
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new HostProcess(Process.Start(start)!, TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for a line on standard error that holds a text.</summary>
    public async Task<string> ErrorLineAsync(string text)
    {
        while (await _process.StandardError.ReadLineAsync(_bound.Token) is { } line)
        {
            _error.Append(line).Append('\n');
            if (line.Contains(text, StringComparison.Ordinal))
                return line;
        }

        throw new InvalidOperationException($"The host ended without '{text}' on standard error:\n{_error}");
    }

    /// <summary>Waits for the end.</summary>
    public async Task<HostRun> EndAsync()
    {
        var output = _process.StandardOutput.ReadToEndAsync(_bound.Token);
        var error = _process.StandardError.ReadToEndAsync(_bound.Token);
        _error.Append(await error);
        return new HostRun(await ExitAsync(), await output, _error.ToString());
    }

    /// <summary>Waits for the end without looking at what the host writes.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(_bound.Token);
        return _process.ExitCode;
    }

    /// <summary>Stops reading: whatever the host writes from now on meets a closed pipe.</summary>
    public void CloseReaders()
    {
        _process.StandardOutput.Close();
        _process.StandardError.Close();
    }

    /// <summary>Sends SIGINT, as Ctrl-C does.</summary>
    public void Interrupt() => Send(2);

    /// <summary>Sends SIGTERM, as a service manager does.</summary>
    public void Terminate() => Send(15);

    /// <summary>Sends SIGSTOP, by its number on Linux: it computes nothing until it is killed.</summary>
    public void Pause() => Send(19);

    /// <summary>Sends SIGTERM to a process that may have ended meanwhile.</summary>
    public void TryTerminate() => _ = _process.HasExited ? 0 : SendSignal(_process.Id, 15);

    /// <summary>Sends SIGKILL and waits for the end.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
        _bound.Dispose();
    }

    private void Send(int signal) => Assert.Equal(0, SendSignal(_process.Id, signal));

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int process, int signal);
}

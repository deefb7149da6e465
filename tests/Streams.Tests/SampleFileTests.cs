using ElasticityStream.Streams.Csv;
using ElasticityStream.Streams.Tests.Fixtures;

namespace ElasticityStream.Streams.Tests;

/// <summary>Which failures of a file are worth another try.</summary>
public sealed class SampleFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<Exception, bool> Failures => new()
    {
        { new IOException("the device does not answer"), true },
        { new EndOfStreamException(), false },
        { new InvalidDataException(), false },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Failures))]
    public void Reading_that_fails_is_transient_when_the_device_failed_and_not_when_the_content_is_bad(Exception cause, bool isTransient)
    {
        using var stream = new FailingStream(cause);

        var failure = Assert.Throws<SampleSourceException>(() => SampleFile.Read(stream, new byte[1], "digits"));

        Assert.Equal(isTransient, failure.IsTransient);
        Assert.Equal(!isTransient, failure.Message.Contains("truncated or damaged", StringComparison.Ordinal));
        Assert.StartsWith("digits: cannot be read", failure.Message, StringComparison.Ordinal);
        Assert.Same(cause, failure.InnerException);
    }

    [Fact]
    public void Stream_whose_start_cannot_be_read_is_closed()
    {
        using var stream = new FailingStream(new IOException());

        Assert.Throws<IOException>(() => SampleFile.Decompressed(stream));

        Assert.True(stream.IsDisposed);
    }

    [Fact]
    public async Task File_that_somebody_else_has_locked_is_worth_another_try()
    {
        var path = _folder.Write("table.csv", "x,label\n1,0\n2,1\n");
        var source = SampleSourceRegistry.BuiltIn.Find("csv").Create(new CsvOptions { File = path }, _folder.Context);
        using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var failure = await Assert.ThrowsAsync<SampleSourceException>(() => source.AllAsync());
            Assert.True(failure.IsTransient, failure.Message);
        }

        Assert.Equal(2, (await source.AllAsync()).Count);
    }

    [Fact]
    public async Task File_that_is_missing_or_malformed_is_not()
    {
        var path = _folder.Write("table.csv", "x,label\n1,0\n2,1\n");
        var source = SampleSourceRegistry.BuiltIn.Find("csv").Create(new CsvOptions { File = path }, _folder.Context);

        _folder.Write("table.csv", "x,label\n1,0\nmuch,1\n");
        Assert.False((await Assert.ThrowsAsync<SampleSourceException>(() => source.AllAsync())).IsTransient);

        File.Delete(path);
        Assert.False((await Assert.ThrowsAsync<SampleSourceException>(() => source.AllAsync())).IsTransient);
    }

    [Fact]
    public void Source_can_be_opened_anywhere_unless_it_says_otherwise()
    {
        ISampleSource source = ListSource.Of(1);

        Assert.True(source.CanSeek);
    }
}

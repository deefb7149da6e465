using System.IO.Enumeration;

namespace ElasticityStream.Host.Status;

/// <summary>The bytes of all files in a folder that others may be writing to: what goes away meanwhile is not counted, and links are not followed.</summary>
internal static class FolderSize
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    public static long Of(string folder)
    {
        using var sizes = new Sizes(folder);
        var sum = 0L;
        while (sizes.MoveNext())
            sum += sizes.Current;
        return sum;
    }

    private sealed class Sizes(string folder) : FileSystemEnumerator<long>(folder, Everything)
    {
        protected override bool ContinueOnError(int error) => true;

        protected override bool ShouldIncludeEntry(ref FileSystemEntry entry) => !entry.IsDirectory;

        protected override long TransformEntry(ref FileSystemEntry entry) => entry.Length;
    }
}

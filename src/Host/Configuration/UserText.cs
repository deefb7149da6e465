namespace ElasticityStream.Host.Configuration;

/// <summary>Pieces of a user's text inside a message: on one line, and not longer than a reader wants to read.</summary>
internal static class UserText
{
    private const int Longest = 60;

    public static string Quote(string text) => $"'{Key(text)}'";

    public static string Key(string text) => OneLine(text.Length <= Longest ? text : $"{text[..Longest]}...");

    public static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));

    /// <summary>What was found in place of what was expected.</summary>
    public static string Found(StudyNode node) => node switch
    {
        ScalarNode { IsNull: true } => "nothing",
        ScalarNode { IsQuoted: true } scalar => $"the text {Quote(scalar.Value)}",
        ScalarNode scalar => Quote(scalar.Value),
        ListNode => "a list",
        _ => "a section",
    };
}

namespace ElasticityStream;

/// <summary>Describes a kind of source and creates one from its options.</summary>
public interface ISampleSourceFactory
{
    /// <summary>The name by which a study selects the source: <c>source: { type: NAME }</c>; lower-case with hyphens.</summary>
    string Name { get; }

    /// <summary>One sentence for the list of sources.</summary>
    string Description { get; }

    /// <summary>
    /// The class that the study's <c>source.options</c> are bound to. Public settable properties; limits as
    /// <c>System.ComponentModel.DataAnnotations</c> attributes; one sentence for each in a <c>DescriptionAttribute</c>;
    /// defaults by initialisers.
    /// </summary>
    Type OptionsType { get; }

    /// <summary>Creates a source. Files named in the options are opened here far enough to know the schema.</summary>
    /// <param name="options">An instance of <see cref="OptionsType"/>, already validated by its attributes.</param>
    /// <param name="context">Where relative paths start, and the study's seed.</param>
    /// <exception cref="SampleSourceException">What the options name is missing, unreadable or contradictory.</exception>
    ISampleSource Create(object options, SampleSourceContext context);
}

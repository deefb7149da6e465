namespace ElasticityStream.Streams;

/// <summary>A factory whose options class is known to the compiler.</summary>
/// <typeparam name="TOptions">The class that the study's <c>source.options</c> are bound to.</typeparam>
public abstract class SampleSourceFactory<TOptions> : ISampleSourceFactory
    where TOptions : class, new()
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract string Description { get; }

    /// <inheritdoc/>
    public Type OptionsType => typeof(TOptions);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException"><paramref name="options"/> is not a <typeparamref name="TOptions"/>.</exception>
    public ISampleSource Create(object options, SampleSourceContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return options is TOptions typed
            ? Create(typed, context)
            : throw new ArgumentException($"The options of source '{Name}' are a {typeof(TOptions)}, not a {options?.GetType()}.", nameof(options));
    }

    /// <summary>Creates a source from options that their attributes allow.</summary>
    /// <param name="options">What the study says of the source.</param>
    /// <param name="context">Where relative paths start, and the study's seed.</param>
    /// <exception cref="SampleSourceException">What the options name is missing, unreadable or contradictory.</exception>
    public abstract ISampleSource Create(TOptions options, SampleSourceContext context);
}

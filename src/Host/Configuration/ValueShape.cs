namespace ElasticityStream.Host.Configuration;

/// <summary>What a study file may state for one property, derived from the property's type.</summary>
internal enum ValueKind
{
    Boolean,
    Integer,
    Number,
    Text,
    Choice,
    LearningRate,
    Passes,
    List,
    Section,

    /// <summary>A section whose keys are those of the source that the study names.</summary>
    SourceOptions,
}

/// <summary>How a property is written in a study file.</summary>
/// <param name="Kind">What is written.</param>
/// <param name="Type">The type of the property without <see cref="Nullable{T}"/>.</param>
/// <param name="Element">What each element of a list is; null for everything else.</param>
internal sealed record ValueShape(ValueKind Kind, Type Type, ValueShape? Element = null)
{
    private static readonly Type[] IntegerTypes =
        [typeof(int), typeof(long), typeof(short), typeof(byte), typeof(uint), typeof(ushort), typeof(sbyte)];

    /// <summary>The shape of a property.</summary>
    /// <exception cref="NotSupportedException">An options class has a property of a type that cannot be written in a study file.</exception>
    public static ValueShape Of(Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type == typeof(bool))
            return new(ValueKind.Boolean, type);
        if (IntegerTypes.Contains(type))
            return new(ValueKind.Integer, type);
        if (type == typeof(double) || type == typeof(float))
            return new(ValueKind.Number, type);
        if (type == typeof(string))
            return new(ValueKind.Text, type);
        if (type.IsEnum)
            return new(ValueKind.Choice, type);
        if (type == typeof(LearningRateSetting))
            return new(ValueKind.LearningRate, type);
        if (type == typeof(PassesSetting))
            return new(ValueKind.Passes, type);
        if (type == typeof(object))
            return new(ValueKind.SourceOptions, type);
        if (ElementType(type) is { } element)
            return new(ValueKind.List, type, Of(element));
        if (type.IsClass && !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is not null)
            return new(ValueKind.Section, type);
        throw new NotSupportedException(
            $"An options class has a property of type {type}: a study file can state booleans, integers, numbers, text, enum values, "
            + "lists of those, and classes of those with a parameterless constructor.");
    }

    /// <summary>Arrays, and every interface that an array fulfils; also <see cref="List{T}"/>.</summary>
    private static Type? ElementType(Type type)
    {
        if (type.IsArray)
            return type.GetElementType();
        if (!type.IsGenericType)
            return null;
        var element = type.GetGenericArguments()[0];
        var isList = type.GetGenericTypeDefinition() == typeof(List<>)
            || (type.IsInterface && type.GetGenericArguments().Length == 1 && type.IsAssignableFrom(element.MakeArrayType()));
        return isList ? element : null;
    }
}

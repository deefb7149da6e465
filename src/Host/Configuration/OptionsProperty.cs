using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;

namespace ElasticityStream.Host.Configuration;

/// <summary>One key of a section: what may be stated for it, and what it means.</summary>
internal sealed class OptionsProperty
{
    /// <summary>By name: the compiler takes it from whichever assembly has one, and a package brings its own.</summary>
    private const string RequiredKeyword = "System.Runtime.CompilerServices.RequiredMemberAttribute";

    public OptionsProperty(PropertyInfo property)
    {
        Info = property;
        Key = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
        Shape = ValueShape.Of(property.PropertyType);
        Description = property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "";
        var validations = property.GetCustomAttributes<ValidationAttribute>().ToList();
        IsRequired = property.CustomAttributes.Any(attribute => attribute.AttributeType.FullName == RequiredKeyword)
            || (validations.Exists(attribute => attribute is RequiredAttribute) && Default is null or "");
        IsNullable = Nullable.GetUnderlyingType(property.PropertyType) is not null
            || (!property.PropertyType.IsValueType
                && new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable
                && !validations.Exists(attribute => attribute is RequiredAttribute));
        Limits = ValueLimits.Of(validations.OfType<RangeAttribute>().FirstOrDefault(), Shape);
        Pattern = validations.OfType<RegularExpressionAttribute>().FirstOrDefault()?.Pattern;
        MinimumLength = validations.OfType<MinLengthAttribute>().FirstOrDefault()?.Length
            ?? (Shape.Kind == ValueKind.Text && validations.Exists(attribute => attribute is RequiredAttribute { AllowEmptyStrings: false }) ? 1 : 0);
        Validations = [.. validations.Where(attribute => attribute is not RangeAttribute)];
        Allowed = AllowedValues.Describe(this, Validations.Select(attribute => attribute.ErrorMessage).FirstOrDefault(text => text is not null));
    }

    /// <summary>The key in the file.</summary>
    public string Key { get; }

    public PropertyInfo Info { get; }

    public ValueShape Shape { get; }

    /// <summary>One sentence; empty where the options class has none.</summary>
    public string Description { get; }

    /// <summary>Whether a section without the key is wrong.</summary>
    public bool IsRequired { get; }

    public bool IsNullable { get; }

    /// <summary>The limits of the number, or of each number of a list.</summary>
    public ValueLimits Limits { get; }

    /// <summary>The regular expression that a text must match, or null.</summary>
    public string? Pattern { get; }

    /// <summary>The least number of characters of a text or elements of a list.</summary>
    public int MinimumLength { get; }

    /// <summary>The validation attributes other than ranges.</summary>
    public IReadOnlyList<ValidationAttribute> Validations { get; }

    /// <summary>What may be stated, as words that follow "expected".</summary>
    public string Allowed { get; }

    /// <summary>The value of a section that does not have the key; null also for required keys.</summary>
    public object? Default => Info.GetValue(Activator.CreateInstance(Info.ReflectedType!));
}

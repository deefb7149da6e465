using ElasticityStream.Actors.Messages;
using ElasticityStream.Actors.Serialization;
using MessagePack;

namespace ElasticityStream.Actors.Tests.Serialization;

/// <summary>Which types are messages, and of which kind.</summary>
public sealed class WireContractTests
{
    private static readonly Type[] Types = typeof(IWireMessage).Assembly.GetTypes();

    [Fact]
    public void Serializer_knows_exactly_the_wire_messages() => Assert.Equal(
        Concrete(typeof(IWireMessage)).Order(StringComparer.Ordinal),
        ElasticitySerializer.WireTypes.Values.Select(t => t.FullName).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_message_of_a_protocol_is_either_wire_or_local()
    {
        var messages = Types.Where(t => t is { IsNested: true, DeclaringType.Namespace: "ElasticityStream.Actors.Messages" }).ToArray();
        Assert.True(messages.Length > 20, $"Only {messages.Length} messages were found.");
        Assert.All(messages, m => Assert.True(
            typeof(IWireMessage).IsAssignableFrom(m) != typeof(ILocalMessage).IsAssignableFrom(m), $"{m} is neither or both."));
    }

    [Fact]
    public void Wire_contracts_have_the_integer_keys_0_to_n()
    {
        var contracts = Types.Where(t => t.IsDefined(typeof(MessagePackObjectAttribute), inherit: false)).ToArray();
        Assert.All(ElasticitySerializer.WireTypes.Values, t => Assert.Contains(t, contracts));
        Assert.All(contracts, contract =>
        {
            var properties = contract.GetProperties();
            var keys = properties.Select(p => ((KeyAttribute?)Attribute.GetCustomAttribute(p, typeof(KeyAttribute)))?.IntKey);
            Assert.Equal(Enumerable.Range(0, properties.Length).Select(k => (int?)k), keys.Order());
        });
    }

    private static IEnumerable<string?> Concrete(Type contract) =>
        Types.Where(t => contract.IsAssignableFrom(t) && !t.IsInterface).Select(t => t.FullName);
}

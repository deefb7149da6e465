namespace ElasticityStream.Compute.Probing;

/// <summary>Puts a state back into an owner of the same kind and sizes.</summary>
internal sealed class StateRestoration : StateTransfer
{
    private readonly Dictionary<string, Array> _left = [];

    private StateRestoration(CarriedState state)
    {
        foreach (var (name, values) in state.Arrays)
        {
            if (!_left.TryAdd(name, values))
                throw new ArgumentException($"The state has the array '{name}' twice.", nameof(state));
        }
    }

    public override bool Restores => true;

    /// <summary>Restores what is named.</summary>
    /// <param name="state">The state.</param>
    /// <param name="transfer">Names the arrays that it is expected to have; has got some of them if this throws.</param>
    /// <exception cref="ArgumentException">An array is missing, is of another type or length, or is not asked for.</exception>
    public static void From(CarriedState state, Action<StateTransfer> transfer)
    {
        var restoration = new StateRestoration(state);
        transfer(restoration);
        if (restoration._left.Count > 0)
            throw new ArgumentException($"The state has arrays that belong to none that is restored: {restoration.Left()}.", nameof(state));
    }

    public override void Owner(string name, params long[] sizes)
    {
        var captured = Take<long>(name);
        if (!captured.AsSpan().SequenceEqual(sizes))
        {
            throw Refuse(
                $"The state's array '{name}' says that it is for the sizes [{string.Join(", ", captured)}]; expected are [{string.Join(", ", sizes)}].");
        }
    }

    public override void Rows(string name, int width, ref int rows)
    {
        var values = Find(name);
        if (values.Length % width != 0)
            throw Refuse($"The state's array '{name}' has {values.Length} values; expected are rows of {width}.");
        rows = values.Length / width;
    }

    public override void Values<T>(string name, Span<T> values)
    {
        var captured = Take<T>(name);
        if (captured.Length != values.Length)
            throw Refuse($"The state's array '{name}' has {captured.Length} values; expected are {values.Length}.");
        captured.CopyTo(values);
    }

    private T[] Take<T>(string name)
    {
        if (Find(name) is not T[] values)
            throw Refuse($"The state's array '{name}' is of {_left[name].GetType().Name}; expected is {typeof(T[]).Name}.");
        _left.Remove(name);
        return values;
    }

    private Array Find(string name) => _left.TryGetValue(name, out var values)
        ? values
        : throw Refuse($"The state lacks the array '{name}'; those that are left are {Left()}.");

    // The state is the argument of whoever restores, not of the method that finds the fault.
    private static ArgumentException Refuse(string message, string parameter = "state") => new(message, parameter);

    private string Left() => _left.Count == 0 ? "none" : string.Join(", ", _left.Keys.Select(name => $"'{name}'"));
}

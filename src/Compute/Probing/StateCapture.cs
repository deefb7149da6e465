namespace ElasticityStream.Compute.Probing;

/// <summary>Copies a state out of its owner, and leaves that as it is.</summary>
internal sealed class StateCapture : StateTransfer
{
    private readonly List<CarriedArray> _arrays = [];

    private StateCapture()
    {
    }

    public override bool Restores => false;

    /// <summary>Captures what is named.</summary>
    /// <param name="transfer">Names the state.</param>
    public static CarriedState Of(Action<StateTransfer> transfer)
    {
        var capture = new StateCapture();
        transfer(capture);
        return new CarriedState(capture._arrays);
    }

    public override void Owner(string name, params long[] sizes) => _arrays.Add(new CarriedArray(name, sizes));

    public override void Rows(string name, int width, ref int rows)
    {
    }

    public override void Values<T>(string name, Span<T> values)
    {
        var copy = GC.AllocateUninitializedArray<T>(values.Length);
        values.CopyTo(copy);
        _arrays.Add(new CarriedArray(name, copy));
    }
}

namespace ElasticityStream.Actors.Messages;

/// <summary>A message that may cross a process boundary: bound to <see cref="Serialization.ElasticitySerializer"/>, with golden bytes in the tests.</summary>
public interface IWireMessage;

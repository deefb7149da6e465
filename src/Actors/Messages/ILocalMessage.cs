using Akka.Actor;

namespace ElasticityStream.Actors.Messages;

/// <summary>A message between actors of one process, which holds what cannot or need not be serialized.</summary>
public interface ILocalMessage : INoSerializationVerificationNeeded;

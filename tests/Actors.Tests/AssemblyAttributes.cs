using Xunit.Sdk;
using Xunit.v3;

// Tests count the live tensors of the process before and after, so only one of them runs at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]

using Xunit.v3;

// Each class is a collection of its own, and most of its time is spent in a process that it waits for.
[assembly: Parallelization(MaxThreads = 2)]

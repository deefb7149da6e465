using ElasticityStream.Actors.Recording;
using ElasticityStream.Host.Live;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.Tests.RunFiles;

namespace ElasticityStream.Host.Tests.Live;

public sealed class LivePastTests : IDisposable
{
    private static readonly ClusteringScoresRow Control = new(0.5, 0, 0, 0.5, 0.5, 0.5, 20);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Moments_have_what_was_the_latest_at_their_step_and_nothing_behind_the_checkpoint()
    {
        using (var database = new RunDatabase(_folder.File("run.db")))
        {
            database.RecordSteps([Step(0, 8, false), Step(1, 6), Step(2, double.NaN), Step(3, 2), Step(4, 1), Step(5, 0)]);
            database.RecordIndex([Index(2, "online", 0.6), Index(2, "sweep", 0.9), Index(4, "online", null), Index(5, "online", 0.7)]);
            database.RecordClusterings([Clustering(3, 0.75, null), Clustering(5, 0.8, 0.1)]);
        }

        var past = new LivePast();
        past.Add(_folder.File("run.db"), "main", steps: 5, ofSweeps: false, window: 2);
        Assert.Equal([("main", 5)], past.Reached);
        Assert.Equal([1, 2, 3, 4, 5], Of(past, "steps{model=main}"));
        Assert.Equal([8, 7, 6, 2, 1.5], Of(past, "elasticity.training.loss{model=main}"));
        Assert.Equal([0, 0.5, 1, 1, 1], Of(past, "elasticity.training.accuracy{model=main}"));
        Assert.Equal([null, 0.6, 0.6, null, 0.7], Of(past, "elasticity.index{measure=relative,model=main}"));
        Assert.Equal([null, 0.5, 0.5, 0.5, 0.5], Of(past, "elasticity.index.reference{measure=relative,model=main}"));
        Assert.Equal([null, null, 0.75, 0.75, 0.8], Of(past, "elasticity.clustering.accuracy{measure=relative,method=kmeans,model=main}"));
        Assert.Equal([null, null, null, null, 0.1], Of(past, "elasticity.clustering.churn{measure=relative,method=kmeans,model=main}"));
        Assert.Equal([null, null, 30, 30, 30], Of(past, "elasticity.clustering.cluster.size{cluster=2,measure=relative,method=kmeans,model=main}"));
    }

    [Fact]
    public void Index_is_that_of_sweeps_where_the_study_has_its_similarities_from_them()
    {
        using (var database = new RunDatabase(_folder.File("run.db")))
            database.RecordIndex([Index(1, "online", 0.6), Index(1, "sweep", 0.9)]);
        var past = new LivePast();
        past.Add(_folder.File("run.db"), "main", steps: 1, ofSweeps: true, window: 2);
        Assert.Equal([0.9], Of(past, "elasticity.index{measure=relative,model=main}"));
    }

    [Fact]
    public void Moments_are_bounded_and_evenly_spread_and_those_of_the_contrast_come_where_the_main_model_ended()
    {
        using (var database = new RunDatabase(_folder.File("main.db")))
            database.RecordSteps([.. Enumerable.Range(0, 1_000).Select(k => Step(k, k))]);
        using (var database = new RunDatabase(_folder.File("contrast.db")))
            database.RecordSteps([Step(0, 1)]);
        var past = new LivePast();
        past.Add(_folder.File("main.db"), "main", steps: 1_000, ofSweeps: false, window: 1);
        past.Add(_folder.File("contrast.db"), "contrast", steps: 1, ofSweeps: false, window: 1);

        Assert.Equal(LivePast.MostMoments + 1, past.Moments.Count);
        var steps = Of(past, "steps{model=main}");
        Assert.Equal([1_000, 1_000], steps[^2..]);
        Assert.All(steps.Zip(steps.Skip(1)).SkipLast(1), pair => Assert.InRange(pair.Second!.Value - pair.First!.Value, 3, 4));
        Assert.Equal(1, Of(past, "steps{model=contrast}")[^1]);
        Assert.Null(Of(past, "elasticity.training.loss{model=main}")[^1]);
    }

    private static double?[] Of(LivePast past, string series) =>
        [.. past.Moments.Select(m => m.Where(v => v.Series.Key() == series).Select(v => (double?)v.Value).SingleOrDefault())];

    private static StepRow Step(long step, double loss, bool correct = true) => new(step, 0, $"{step}", step, "primary", "5", loss, 0, correct, 0, 0);

    private static ElasticityIndexRow Index(long step, string protocol, double? index) => new(step, protocol, "relative", index, 0.5, null, null, 1, 0);

    private static ClusteringRow Clustering(long step, double accuracy, double? churn) =>
        new(step, "relative", "kmeans", false, 50, 1, new ClusteringScoresRow(accuracy, 0.25, 0.125, 0.5, 0.6, 0.8, 20), Control, churn, [20, 30]);
}

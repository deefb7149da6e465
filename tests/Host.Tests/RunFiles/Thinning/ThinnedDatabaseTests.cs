using CsCheck;
using ElasticityStream.Actors.Recording;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.RunFiles.Thinning;

namespace ElasticityStream.Host.Tests.RunFiles.Thinning;

public sealed class ThinnedDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _files;

    public void Dispose() => _folder.Dispose();

    private static readonly Gen<Case> Cases =
        from keep in Gen.Long[1, 60]
        from window in Gen.Int[0, 3]
        from keepRecords in Gen.Long[1, 12]
        from every in Gen.Select(Gen.Int[1, 30], Gen.Int[1, 40], Gen.Int[1, 50])
        from block in Gen.Int[1, 20]
        from kept in Gen.Int[1, 3]
        from acts in Gen.Select(Gen.Enum<Act>(), Gen.Int[1, 12]).Array[1, 30]
        select new Case(keep, 1L << window, keepRecords, every.Item1, every.Item2, every.Item3, block, kept, acts);

    private enum Act
    {
        Steps,
        MoreSteps,
        Save,
        SaveAgain,
        GoBack,
        Resume,
        BeginAnew,
    }

    [Fact]
    public void Tables_of_a_study_that_was_taken_back_are_those_of_one_that_was_not() => Cases.Sample(
        of =>
        {
            // Steps that are taken again measure something else, as those of a source that cannot go back do: nothing of the first time may be left.
            var time = 0;
            using var disturbed = Course(of, out var file);
            var saved = new List<RecordedCourse.Checkpoint> { disturbed.Capture() };
            foreach (var (act, count) in of.Acts)
            {
                switch (act)
                {
                    case Act.Save or Act.SaveAgain:
                        saved.Add(disturbed.Capture());
                        if (saved.Count > of.Kept)
                            saved.RemoveAt(0);
                        disturbed.Database.Settle(saved[0].Steps);
                        break;
                    case Act.GoBack:
                        disturbed.GoBackTo(saved[^1]);
                        time++;
                        break;
                    case Act.Resume:
                        disturbed.ResumeFrom(saved[count % saved.Count]);
                        saved.RemoveRange((count % saved.Count) + 1, saved.Count - (count % saved.Count) - 1);
                        time++;
                        break;
                    case Act.BeginAnew when count == 1:
                        disturbed.ResumeFrom(new RecordedCourse.Checkpoint(0, RecordingMark.Start, null));
                        saved = [disturbed.Capture()];
                        time++;
                        break;
                    default:
                        for (var k = 0; k < count; k++)
                            disturbed.Take(step => Row(step, time));
                        break;
                }
            }

            disturbed.End();

            using var undisturbed = Course(of, out var expected);
            while (undisturbed.Steps.Count < disturbed.Steps.Count)
                undisturbed.Take(step => disturbed.Steps[(int)step]);
            undisturbed.End();
            Assert.Equal(ThinnedTables.Read(expected), ThinnedTables.Read(file));
            CheckAgainstAllRows(of, disturbed.Steps, file);
        },
        iter: 80,
        threads: 1);

    [Fact]
    public void Database_stops_growing_while_steps_go_on()
    {
        var settings = new ThinningSettings(2_000, 100, 50, null, null);
        using var course = new RecordedCourse(_folder.File("run.db"), settings, ThinningRule.OfSteps(2_000), block: 50);
        var pages = new List<long>();
        for (var k = 0; k < 4; k++)
        {
            for (var block = 0; block < (k == 0 ? 200 : 400); block++)
            {
                course.Take(step => Row(step, 0));
                // The checkpoint before the latest one.
                course.Database.Settle(course.Steps.Count - 500);
            }

            pages.Add(long.Parse(ThinnedTables.Query(_folder.File("run.db"), "PRAGMA page_count")[0]));
        }

        // 70,000 steps in the end, 10,000 after the first measurement.
        Assert.True(pages.Max() <= 1.25 * pages[0], string.Join(", ", pages));
        Assert.InRange(long.Parse(ThinnedTables.Query(_folder.File("run.db"), "SELECT count(*) FROM steps")[0]), 2_000, 5_000);
        Assert.InRange(long.Parse(ThinnedTables.Query(_folder.File("run.db"), "SELECT count(*) FROM class_pairs")[0]), 2 * 100, 2 * 210);
    }

    [Fact]
    public void Loss_curve_is_that_of_all_steps_when_most_of_their_rows_are_gone() =>
        Gen.Select(Gen.Long[1, 60], Gen.Int[0, 3], Gen.Int[1, 1_000], Gen.Int[1, 50]).Sample(
            (keep, log, count, asked) =>
            {
                var rule = new ThinningRule(keep, 1L << log);
                using var course = new RecordedCourse(NextFile(), new ThinningSettings(keep, null, 10, null, null), rule, block: count);
                course.Take(step => Row(step, 0));
                course.Database.ThinToTheEnd();
                using var reader = new RunDatabaseReader(LastFile);
                var curve = reader.ReadLossWindows(asked);

                Assert.InRange(curve.Count, 0, asked);
                foreach (var window in curve)
                {
                    var rows = course.Steps.Skip((int)window.FirstStep).Take((int)(window.LastStep - window.FirstStep + 1)).ToArray();
                    Assert.Equal(rows.Where(row => double.IsFinite(row.Loss)).Average(row => row.Loss), window.MeanLoss, 1e-12);
                    Assert.Equal(rows.Average(row => row.Correct ? 1 : 0), window.Accuracy, 1e-12);
                }

                var inWindows = curve.Sum(window => window.LastStep - window.FirstStep + 1);
                Assert.True(inWindows == count || course.Steps.Any(row => !double.IsFinite(row.Loss)));
            },
            iter: 100,
            threads: 1);

    [Fact]
    public void Thinning_goes_on_where_it_was_when_a_block_could_not_be_recorded()
    {
        var settings = new ThinningSettings(50, 5, 10, null, null);
        var rule = new ThinningRule(50, 4);
        using var course = new RecordedCourse(_folder.File("run.db"), settings, rule, block: 20);
        for (var k = 0; k < 20; k++)
        {
            course.Take(step => Row(step, 0));
            course.Database.Settle(course.Steps.Count);
            var next = course.Steps.Count;
            // The second row has no role.
            Assert.ThrowsAny<Exception>(() => course.Database.RecordSteps([Row(next, 0), Row(next + 1, 0) with { Role = null! }]));
        }

        course.End();
        Assert.Equal(ThinnedTables.Steps(400, rule), StepsIn(_folder.File("run.db")));
    }

    [Fact]
    public void Windows_that_a_study_goes_back_into_are_given_up_when_it_goes_back_to_before_what_was_settled()
    {
        var rule = new ThinningRule(16, 4);
        using var course = new RecordedCourse(_folder.File("run.db"), new ThinningSettings(16, null, 10, null, null), rule, block: 10);
        course.Take(step => Row(step, 0));
        var early = course.Capture();
        for (var k = 0; k < 9; k++)
        {
            course.Take(step => Row(step, 0));
            course.Database.Settle(course.Steps.Count);
        }

        course.GoBackTo(early);
        while (course.Steps.Count < 100)
            course.Take(step => Row(step, 1));
        course.End();

        // Of the first 10 steps, those that were thinned away are lost, and no window pretends that it knew them.
        var windows = ThinnedTables.Query(_folder.File("run.db"), "SELECT first_step, last_step, steps FROM step_windows ORDER BY first_step")
            .Select(row => row.Split('|').Select(long.Parse).ToArray()).ToArray();
        Assert.Equal(0, windows[0][0]);
        Assert.InRange(windows[0][2], 1, windows[0][1]);
        Assert.All(windows.Skip(1).Where(w => w[0] >= 16), w => Assert.Equal(w[1] - w[0] + 1, w[2]));
    }

    private static void CheckAgainstAllRows(Case of, IReadOnlyList<StepRow> steps, string file)
    {
        var rule = new ThinningRule(of.Keep, of.Window);
        Assert.Equal(ThinnedTables.Steps(steps.Count, rule), StepsIn(file));
        Assert.Equal(
            ThinnedTables.Windows(steps, rule).Select(w => string.Join('|', w.FirstStep, w.LastStep, w.Steps, w.Primary, w.Correct, w.Loss.Count, Bits(w.Loss.Mean),
                Bits(w.LowestLoss), Bits(w.HighestLoss), w.Gradient.Count, Bits(w.Gradient.Mean), w.SelfChange.Count, Bits(w.SelfChange.Mean))),
            ThinnedTables.Query(file, "SELECT * FROM step_windows ORDER BY first_step"));
        foreach (var (table, every) in new[] { ("class_pairs", of.RecordEvery), ("elasticity_index WHERE protocol = 'online'", of.RecordEvery), ("kernel_distances", of.SweepEvery) })
        {
            var recorded = Enumerable.Range(1, steps.Count / of.Block).Select(k => (long)k * of.Block).Where(s => s / every > (s - of.Block) / every);
            Assert.Equal(
                ThinnedTables.Records(recorded, steps.Count, Math.Max(every, of.Block), of.KeepRecords).Select(s => $"{s}"),
                ThinnedTables.Query(file, $"SELECT DISTINCT step FROM {table} ORDER BY step"));
        }
    }

    private static string Bits(double number) =>
        double.IsNaN(number) ? "NULL" : BitConverter.DoubleToInt64Bits(number).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<long> StepsIn(string file) => ThinnedTables.Query(file, "SELECT step FROM steps ORDER BY step").Select(long.Parse);

    private static StepRow Row(long step, int time)
    {
        var random = new Random((int)(step * 31) + time);
        var loss = random.Next(20) switch { 0 => double.NaN, 1 => double.PositiveInfinity, _ => random.NextDouble() };
        return new StepRow(
            step, 0, $"train/{step}", step * 3, random.Next(3) == 0 ? "auxiliary" : "primary", "5", loss, 0.125, random.Next(2) == 0,
            random.NextDouble() - 0.5, random.NextDouble() - 0.5);
    }

    private string LastFile => _folder.File($"{_files}.db");

    private string NextFile()
    {
        _files++;
        return LastFile;
    }

    private RecordedCourse Course(Case of, out string file)
    {
        file = NextFile();
        var settings = new ThinningSettings(
            of.Keep, of.KeepRecords, Math.Max(of.RecordEvery, of.Block), Math.Max(of.ClusterEvery, of.Block), Math.Max(of.SweepEvery, of.Block));
        return new RecordedCourse(file, settings, new ThinningRule(of.Keep, of.Window), of.Block);
    }

    private sealed record Case(
        long Keep, long Window, long KeepRecords, int RecordEvery, int ClusterEvery, int SweepEvery, int Block, int Kept, (Act Kind, int Count)[] Acts);
}

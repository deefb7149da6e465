using ElasticityStream.Actors.Recording;
using ElasticityStream.Host.Plots;
using ElasticityStream.Host.RunFiles;
using ElasticityStream.Host.Tests.RunFiles;
using ScottPlot;
using SkiaSharp;

namespace ElasticityStream.Host.Tests.Plots;

public sealed class FigureTests : IDisposable
{
    private static readonly FigureCaption Caption = new("mnist-5v9", "mlp 784-256-1, relu");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static SimilarityHeatmap Heatmap(int probes, Func<int, int, double> similarity) => new()
    {
        Caption = Caption,
        Measure = "relative",
        Symmetrised = false,
        Similarity = [.. Enumerable.Range(0, probes * probes).Select(k => similarity(k / probes, k % probes))],
        GroupKind = "class",
        Groups = [.. Enumerable.Range(0, probes).Select(k => k % 2 == 0 ? "5" : "9")],
    };

    private static ElasticityIndexRow Index(long step, double? index) => new(step, "online", "relative", index, 0.51, 0.5, 0.4, 10, 0);

    private static ClusteringRow Clustering(long step, string method) => new(
        step, "relative", method, false, 10, 1, new(0.9, 0, 0, 0.5, 0.8, 1, 20), new(0.6, 0, 0, 0.5, 0.55, 0.65, 20), null, [5, 5]);

    [Fact]
    public void Heatmap_has_row_0_on_top_and_probes_of_a_class_together()
    {
        // Classes alternate, so ordering by class puts the even probes first: the upper left block is the pairs of even ones.
        Heatmap(100, (i, j) => i % 2 == 0 && j % 2 == 0 ? 1 : 0).Save(_folder.File("h.png"));

        using var picture = SKBitmap.Decode(_folder.File("h.png"));
        var (left, top) = DataCorner(picture);
        var high = new ScottPlot.Colormaps.Viridis().GetColor(1);
        var low = new ScottPlot.Colormaps.Viridis().GetColor(0);
        AssertNear(high, picture.GetPixel(left + 250, top + 250));
        AssertNear(low, picture.GetPixel(left + 750, top + 250));
        AssertNear(low, picture.GetPixel(left + 250, top + 750));
        AssertNear(low, picture.GetPixel(left + 750, top + 750));
    }

    [Fact]
    public void Heatmap_shows_row_i_as_a_row_when_the_matrix_is_not_symmetric()
    {
        Heatmap(100, (i, _) => i % 2 == 0 ? 1 : 0).Save(_folder.File("h.png"));

        using var picture = SKBitmap.Decode(_folder.File("h.png"));
        var (left, top) = DataCorner(picture);
        AssertNear(new ScottPlot.Colormaps.Viridis().GetColor(1), picture.GetPixel(left + 750, top + 250));
        AssertNear(new ScottPlot.Colormaps.Viridis().GetColor(0), picture.GetPixel(left + 250, top + 750));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(1_001)]
    [InlineData(2_500)]
    public void Heatmap_is_drawn_and_keeps_the_block_structure_whatever_the_number_of_probes(int probes)
    {
        Heatmap(probes, (i, j) => (i % 2 == j % 2 ? 0.8 : 0.2) + (0.01 * (i % 3))).Save(_folder.File("h.png"));

        using var picture = SKBitmap.Decode(_folder.File("h.png"));
        var (left, top) = DataCorner(picture);
        var (same, different) = (picture.GetPixel(left + 200, top + 200), picture.GetPixel(left + 800, top + 200));
        Assert.True(same.Green > different.Green + 50, $"{same} {different}");
    }

    [Fact]
    public void Color_range_leaves_out_outliers_and_is_symmetric_about_0_when_values_are_negative()
    {
        var positive = Enumerable.Range(0, 1_000).Select(k => k == 0 ? 1e9 : k / 1_000.0).ToArray();
        var range = ColorRange.Of(positive);
        Assert.False(range.Diverging);
        Assert.InRange(range.High, 0.98, 1);
        Assert.InRange(range.Low, 0.005, 0.02);

        range = ColorRange.Of([.. Enumerable.Range(-500, 1_000).Select(k => k / 500.0)]);
        Assert.True(range.Diverging);
        Assert.Equal(-range.Low, range.High);
        Assert.InRange(range.High, 0.95, 1);

        range = ColorRange.Of([0.3, 0.3, 0.3]);
        Assert.True(range.Low < 0.3 && range.High > 0.3);
        Assert.True(ColorRange.Of([0, 0]).High > 0);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Heatmap_and_scatter_refuse_values_that_are_not_finite_and_leave_no_file(double value)
    {
        Assert.Throws<InvalidOperationException>(() => Heatmap(10, (i, j) => i == 3 && j == 4 ? value : 1).Save(_folder.File("h.png")));
        Assert.Throws<InvalidOperationException>(() => Heatmap(1, (_, _) => 1).Save(_folder.File("h.png")));
        Assert.Throws<InvalidOperationException>(() => Scatter(10, (i, j) => i == 3 && j == 4 ? value : 1).Save(_folder.File("g.png")));
        Assert.Empty(Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void Text_is_really_drawn_when_a_figure_has_a_heading_and_labels()
    {
        Heatmap(10, (i, j) => i + j).Save(_folder.File("with.png"));
        using var with = SKBitmap.Decode(_folder.File("with.png"));
        Assert.True(DarkPixels(with, 0, 110) > 500, "heading");
        // The space left of the data holds nothing but the names of the classes and the axis label.
        Assert.True(DarkPixels(with, 120, with.Height - 130, right: 120) > 150, "left axis");

        (Heatmap(10, (i, j) => i + j) with { Caption = new FigureCaption("another study", "another model") }).Save(_folder.File("other.png"));
        using var other = SKBitmap.Decode(_folder.File("other.png"));
        Assert.NotEqual(Pixels(with, 60, 100), Pixels(other, 60, 100));
        Assert.Equal(Pixels(with, 130, 330), Pixels(other, 130, 330));
    }

    [Fact]
    public void Font_has_the_glyphs_that_figures_use()
    {
        PlotFont.Use();
        foreach (var bold in new[] { false, true })
        {
            var typeface = Fonts.GetTypeface(PlotFont.Name, bold, italic: false);
            Assert.Equal("Roboto", typeface.FamilyName);
            Assert.True(typeface.ContainsGlyphs("aZ09 ·×⁻⁰¹²³⁴⁵⁶⁷⁸⁹…ηλ%()/.,:"));
        }
    }

    [Fact]
    public void Index_figure_is_drawn_with_its_reference_and_contrast_and_not_at_all_where_the_index_is_undefined()
    {
        var figure = new ElasticityIndexFigure { Caption = Caption, ModelName = "relu", Rows = [Index(0, 0.52), Index(100, null), Index(200, 0.6)] };
        Assert.True(figure.Save(_folder.File("one.png")));
        Assert.True((figure with { ContrastName = "identity", ContrastRows = [Index(0, 0.52), Index(200, 0.53)] }).Save(_folder.File("two.png")));
        Assert.False((figure with { Rows = [Index(0, null)] }).Save(_folder.File("none.png")));

        using var plot = figure.Draw();
        var lines = plot.GetPlottables<ScottPlot.Plottables.HorizontalLine>().Select(line => line.Y);
        Assert.Equal([0.5, 0.51], lines);
        Assert.Equal([0.52, 0.6], plot.GetPlottables<ScottPlot.Plottables.Scatter>().Single().Data.GetScatterPoints().Select(point => point.Y));
        Assert.Equal(["one.png", "two.png"], Directory.GetFiles(_folder.Root).Select(Path.GetFileName).Order());
        AssertPicture("two.png", 1_600, 900);
    }

    [Theory]
    [InlineData(1.0, 0.01, true)]
    [InlineData(1.0, 0.011, false)]
    [InlineData(1.0, 0.0, false)]
    public void Loss_axis_is_logarithmic_when_it_spans_more_than_two_decades(double first, double last, bool atLimit)
    {
        LossFigure Of(double lowest) => new()
        {
            Caption = Caption,
            LossName = "squared error",
            ModelName = "relu",
            Windows = [new(0, 99, first, 0.5), new(100, 199, lowest, 0.9)],
        };

        using var plot = Of(last).Draw();
        Assert.Equal(last, plot.GetPlottables<ScottPlot.Plottables.Scatter>().Single().Data.GetScatterPoints()[1].Y);
        if (atLimit)
        {
            using var logarithmic = Of(last / 1.01).Draw();
            Assert.Equal(
                Math.Log10(last / 1.01), logarithmic.GetPlottables<ScottPlot.Plottables.Scatter>().Single().Data.GetScatterPoints()[1].Y, 12);
        }

        Assert.True(Of(last).Save(_folder.File("loss.png")));
        AssertPicture("loss.png", 1_600, 900);
        Assert.False((Of(last) with { Windows = [] }).Save(_folder.File("none.png")));
    }

    [Fact]
    public void Accuracy_figure_has_a_panel_for_every_measure_and_method()
    {
        var figure = new ClusteringAccuracyFigure
        {
            Caption = Caption,
            ControlName = "pixels",
            Rows = [Clustering(100, "kmeans"), Clustering(200, "kmeans"), Clustering(200, "spectral")],
        };

        Assert.True(figure.Save(_folder.File("two.png")));
        AssertPicture("two.png", 1_800, 710);
        Assert.True((figure with { Rows = [Clustering(200, "kmeans")] }).Save(_folder.File("one.png")));
        AssertPicture("one.png", 1_500, 710);
        Assert.False((figure with { Rows = [] }).Save(_folder.File("none.png")));

        // Every panel is there: neither half of the picture is empty.
        using var picture = SKBitmap.Decode(_folder.File("two.png"));
        Assert.True(DarkPixels(picture, 160, 700, right: 900) > 500);
        Assert.True(DarkPixels(picture, 160, 700, left: 900) > 500);
    }

    [Fact]
    public void Scatter_holds_every_ordered_pair_once_when_there_are_few_and_a_fixed_selection_when_there_are_many()
    {
        using (var few = Scatter(4, (i, j) => (10 * i) + j).Draw())
        {
            var values = few.GetPlottables<ScottPlot.Plottables.Markers>().Single().Data.GetScatterPoints().Select(point => point.Y);
            Assert.Equal([1, 2, 3, 10, 12, 13, 20, 21, 23, 30, 31, 32], values.Order());
        }

        using var many = Scatter(400, (i, j) => (1_000 * i) + j).Draw();
        var drawn = many.GetPlottables<ScottPlot.Plottables.Markers>().Single().Data.GetScatterPoints().Select(point => (int)point.Y).ToArray();
        Assert.Equal(20_000, drawn.Length);
        Assert.DoesNotContain(drawn, pair => pair / 1_000 == pair % 1_000);
        var perRow = drawn.CountBy(pair => pair / 1_000).ToArray();
        Assert.Equal(400, perRow.Length);
        Assert.All(perRow, row => Assert.InRange(row.Value, 40, 60));
        Assert.Equal(400, drawn.Select(pair => pair % 1_000).Distinct().Count());

        using var again = Scatter(400, (i, j) => (1_000 * i) + j).Draw();
        Assert.Equal(drawn, again.GetPlottables<ScottPlot.Plottables.Markers>().Single().Data.GetScatterPoints().Select(point => (int)point.Y));
        Scatter(400, (i, j) => Math.Cos(i - j)).Save(_folder.File("g.png"));
        AssertPicture("g.png", 1_500, 1_000);
    }

    [Fact]
    public void Saving_names_the_file_when_the_folder_is_gone()
    {
        var path = Path.Combine(_folder.Root, "gone", "plots", "h.png");
        Assert.Contains(path, Assert.Throws<RunDirectoryException>(() => Heatmap(4, (_, _) => 1).Save(path)).Message, StringComparison.Ordinal);
    }

    private static GeodesicFigure Scatter(int probes, Func<int, int, double> similarity) => new()
    {
        Caption = Caption,
        Measure = "relative",
        Probes = probes,
        Similarity = similarity,
        Distance = (i, j) => Math.Abs(i - j),
        DistanceLabel = "angle, radians",
        Correlation = -0.965,
    };

    private void AssertPicture(string name, int width, int height)
    {
        using var picture = SKBitmap.Decode(_folder.File(name));
        Assert.Equal((width, height), (picture.Width, picture.Height));
        Assert.True(DarkPixels(picture, 0, 110) > 500, "There is no heading.");
    }

    /// <summary>The corner of the square of 1,000 pixels in which the matrix is drawn: right of it are 230 pixels, above it 120.</summary>
    private static (int Left, int Top) DataCorner(SKBitmap picture) => (picture.Width - 230 - 1_000, 120);

    private static int DarkPixels(SKBitmap picture, int top, int bottom, int left = 0, int right = int.MaxValue)
    {
        var count = 0;
        for (var y = top; y < bottom; y++)
        {
            for (var x = left; x < Math.Min(right, picture.Width); x++)
                count += picture.GetPixel(x, y).Red < 150 ? 1 : 0;
        }

        return count;
    }

    private static uint[] Pixels(SKBitmap picture, int top, int bottom) =>
        [.. from y in Enumerable.Range(top, bottom - top) from x in Enumerable.Range(0, picture.Width) select (uint)picture.GetPixel(x, y)];

    private static void AssertNear(Color expected, SKColor actual) =>
        Assert.True(
            Math.Abs(expected.R - actual.Red) + Math.Abs(expected.G - actual.Green) + Math.Abs(expected.B - actual.Blue) < 12,
            $"{expected} was expected, {actual} is there.");
}

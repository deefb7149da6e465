// From what was measured to curves: [{ key, label, color, stroke, faint, points: [[x, y or null], ...] }].

const COLORS = 8;
const MOST_CURVES = 12;
const STEPS = "steps";

// A rate between two readings half a second apart would show blocks, not speed.
const SHORTEST_RATE = 2;

// As in the pictures of the run directory.
const MEASURE_COLORS = { relative: 0, kernelized: 1 };

/** What the page has been sent: series, and rows of a time, or null where it is not known, followed by the values of the series. */
export class Measurements {
  series = [];
  rows = [];
  latest = null;

  replace({ series, rows, latest }) {
    this.series = series;
    this.rows = rows;
    this.latest = latest;
  }

  append({ rows, latest }) {
    this.rows.push(...rows);
    this.latest = latest;
  }

  /** The rows, and the latest where it is not among them. */
  all() {
    const last = this.rows.at(-1);
    return this.latest && (!last || last[0] < this.latest[0]) ? [...this.rows, this.latest] : this.rows;
  }

  /** The places of the series of an instrument. */
  places(name, matches = () => true) {
    return this.series.flatMap((s, place) => (s.name === name && matches(s.tags) ? [place] : []));
  }

  /** What an instrument measured last, over all its tags. */
  sum(name, only) {
    const [tag, value] = only?.split("=") ?? [];
    return total(this.latest ?? [], this.places(name, (tags) => !only || tags[tag] === value));
  }
}

/** The curves of a chart. */
export function curvesOf(chart, measurements, { measure, axis }) {
  const rows = measurements.all();
  const positions = horizontal(measurements, rows, axis);
  const curves = chart.curves.flatMap((definition) => groups(definition, chart, measurements, measure).map(({ tags, places }) => ({
    key: `${definition.label}|${Object.values(tags).join("|")}`,
    tags,
    name: definition.label,
    stroke: definition.stroke,
    faint: tags.model === "contrast",
    points: values(definition, measurements, rows, places).map((y, k) => [positions(tags.model)[k], y]).filter(([x]) => x !== null),
  }))).filter((curve) => curve.points.some(([, y]) => y !== null));
  return { curves: dressed(chosen(curves), chart), left: Math.max(0, curves.length - MOST_CURVES) };
}

function groups(definition, chart, measurements, measure) {
  const found = new Map();
  const name = definition.reading === "mean" ? `${definition.instrument}.sum` : definition.instrument;
  for (const place of measurements.places(name, (tags) => !chart.oneMeasure || tags.measure === measure)) {
    const all = measurements.series[place].tags;
    const tags = Object.fromEntries(definition.by.filter((tag) => tag in all).map((tag) => [tag, all[tag]]));
    const key = JSON.stringify(tags);
    if (!found.has(key)) found.set(key, { tags, places: [] });
    found.get(key).places.push(place);
  }
  return [...found.values()];
}

function values(definition, measurements, rows, places) {
  switch (definition.reading) {
    case "value": return rows.map((row) => total(row, places));
    case "rate": return changes(rows, places).map((change) => change && change.value / change.seconds);
    case "mean": {
      const counts = places.map((place) => counterpart(measurements, place));
      const measured = changes(rows, counts);
      return changes(rows, places).map((sum, k) => (sum && measured[k]?.value > 0 ? sum.value / measured[k].value : null));
    }
    default: throw new Error(`There is no reading ${definition.reading}.`);
  }
}

// The number of measurements beside their sum.
function counterpart(measurements, place) {
  const { name, tags } = measurements.series[place];
  return measurements.places(name.replace(/\.sum$/, ".count"), (other) => JSON.stringify(other) === JSON.stringify(tags))[0];
}

function changes(rows, places) {
  let start = 0;
  return rows.map((row, k) => {
    while (start + 1 < k && row[0] - rows[start + 1][0] >= SHORTEST_RATE) start++;
    const [before, now] = [total(rows[start], places), total(row, places)];
    const seconds = row[0] - rows[start][0];
    return seconds > 0 && before !== null && now !== null ? { value: now - before, seconds } : null;
  });
}

function total(row, places) {
  let sum = null;
  for (const place of places) {
    const value = row[place + 1];
    if (value !== null && value !== undefined) sum = (sum ?? 0) + value;
  }
  return sum;
}

function horizontal(measurements, rows, axis) {
  if (axis === "time") {
    // What was measured before the run was resumed has no time.
    const start = rows.find(([time]) => time !== null)?.[0];
    const seconds = rows.map(([time]) => (time === null ? null : time - start));
    return () => seconds;
  }
  const known = new Map();
  return (model) => {
    if (!known.has(model)) {
      const places = measurements.places(STEPS, (tags) => model === undefined || tags.model === model);
      known.set(model, rows.map((row) => total(row, places) ?? 0));
    }
    return known.get(model);
  };
}

// Pairs of one class first: they are what the others are compared with.
const chosen = (curves) => curves.length <= MOST_CURVES
  ? curves
  : [...curves].sort((a, b) => Number(b.tags.from === b.tags.to) - Number(a.tags.from === a.tags.to)).slice(0, MOST_CURVES);

function dressed(curves, chart) {
  const severalModels = new Set(curves.map((c) => c.tags.model)).size > 1;
  const colors = new Map();
  return curves.map((curve) => {
    const { model, measure, from, to, cluster, ...others } = curve.tags;
    const label = [
      curve.name,
      severalModels ? model : undefined,
      chart.oneMeasure ? undefined : measure,
      from === undefined ? undefined : `${from} → ${to}`,
      ...Object.values(others),
      cluster === undefined ? undefined : `cluster ${cluster}`,
    ].filter(Boolean).join(" ") || model || chart.title;
    const group = JSON.stringify([chart.oneMeasure ? undefined : measure, from, to, cluster, others]);
    if (!colors.has(group)) colors.set(group, chart.oneMeasure ? colors.size : MEASURE_COLORS[measure] ?? colors.size);
    return { ...curve, label, color: colors.get(group) % COLORS };
  });
}

// Numbers and times for people.

const MISSING = "–";

/** A whole number with separators. */
export const count = (value) => value.toLocaleString("en-US", { maximumFractionDigits: 0 });

/** A number of three digits or so. */
export function number(value) {
  if (value === null || value === undefined) return MISSING;
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) return value.toExponential(2).replace("e+", "e");
  if (size >= 1000) return count(value);
  return String(Number(value.toPrecision(3)));
}

/** A number with its unit, in the prefix that suits it. */
export function quantity(value, unit) {
  if (value === null || value === undefined) return MISSING;
  if (unit === "B") return scaled(value, [[2 ** 30, "GiB"], [2 ** 20, "MiB"], [2 ** 10, "KiB"]], "B");
  if (unit === "s" && value >= 60) return duration(value);
  if (unit === "s") return scaled(value, [[1, "s"], [1e-3, "ms"], [1e-6, "µs"]], "s");
  const text = Number.isInteger(value) ? count(value) : number(value);
  return unit ? `${text} ${unit}` : text;
}

function scaled(value, prefixes, unit) {
  const [size, name] = prefixes.find(([size]) => Math.abs(value) >= size) ?? [1, unit];
  return `${number(value / size)} ${name}`;
}

/** A duration in its two largest units. */
export function duration(seconds) {
  if (seconds === null || seconds === undefined) return MISSING;
  const whole = Math.round(seconds);
  const parts = [[Math.floor(whole / 86400), "d"], [Math.floor(whole / 3600) % 24, "h"], [Math.floor(whole / 60) % 60, "min"], [whole % 60, "s"]];
  const first = parts.findIndex(([value]) => value > 0);
  if (first < 0) return "0 s";
  return parts.slice(first, first + 2).filter(([value], k) => k === 0 || value > 0).map(([value, unit]) => `${value} ${unit}`).join(" ");
}

/** A number of steps, short enough for an axis. */
export function steps(value) {
  if (value >= 1e9) return `${Number((value / 1e9).toPrecision(4))}G`;
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(4))}M`;
  return value >= 1e4 ? `${Number((value / 1e3).toPrecision(4))}k` : count(value);
}

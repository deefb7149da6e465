// Where the ticks of an axis stand.

const DURATIONS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800];

/** Round values within [low, high], about as many as asked for. */
export function ticks(low, high, wanted) {
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999);
  return multiples(low, high, step);
}

/** Round numbers of bytes within [low, high]. */
export function byteTicks(low, high, wanted) {
  const unit = 1024 ** Math.max(0, Math.floor(Math.log2(Math.max(high - low, 1)) / 10));
  return ticks(low / unit, high / unit, wanted).map((t) => t * unit);
}

/** Round durations in seconds within [low, high]. */
export function durationTicks(low, high, wanted) {
  const rough = (high - low) / wanted;
  return multiples(low, high, DURATIONS.find((s) => s >= rough) ?? Math.ceil(rough / 604800) * 604800);
}

/** Powers of ten within [low, high]; with fewer than two of them, round values. */
export function logarithmicTicks(low, high, wanted) {
  const powers = multiples(Math.log10(low), Math.log10(high), 1).map((e) => 10 ** e);
  if (powers.length < 2) return ticks(low, high, wanted).filter((t) => t > 0);
  const every = Math.ceil(powers.length / (wanted + 1));
  return powers.filter((_, k) => k % every === 0);
}

function multiples(low, high, step) {
  const values = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) values.push(k * step + 0); // Not -0.
  return values;
}

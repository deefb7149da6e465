// One chart of curves, drawn as SVG.

import { byteTicks, durationTicks, logarithmicTicks, ticks } from "./axis.js";
import { duration, quantity, steps } from "./format.js";

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = { left: 56, right: 8, top: 8, bottom: 20 };
const LOGARITHMIC_FROM = 100;

// The other units stand in the heading.
const SCALED = ["B", "s"];

export class LineChart {
  #definition;
  #plot;
  #legend;
  #note;
  #hidden = new Set();
  #curves = [];
  #left = 0;
  #axis = "steps";
  #cursor = null;
  #scale = null;

  constructor(definition) {
    this.#definition = definition;
    this.element = create("figure", { class: "card", id: `chart-${definition.id}` });
    const caption = create("figcaption");
    const unit = definition.unit && !SCALED.includes(definition.unit) ? ` (${definition.unit})` : "";
    caption.append(text("h2", definition.title + unit), text("p", definition.description, "quiet"));
    this.#plot = svg("svg", { class: "plot", role: "img" });
    this.#legend = create("div", { class: "legend" });
    this.#note = text("p", "", "quiet");
    this.element.append(caption, this.#plot, this.#legend, this.#note);
    this.#plot.addEventListener("pointermove", (e) => this.#point(e.clientX - this.#plot.getBoundingClientRect().left));
    this.#plot.addEventListener("pointerleave", () => this.#point(null));
    new ResizeObserver(() => this.#redraw()).observe(this.#plot);
  }

  draw({ curves, left }, axis) {
    this.#curves = curves;
    this.#left = left;
    this.#axis = axis;
    this.#redraw();
  }

  #point(x) {
    this.#cursor = x !== null && this.#scale ? this.#scale.xOf(x) : null;
    this.#redraw();
  }

  #redraw() {
    const { clientWidth: width, clientHeight: height } = this.#plot;
    if (width === 0) return;
    const shown = this.#curves.filter((curve) => !this.#hidden.has(curve.key));
    const points = shown.flatMap((curve) => curve.points.filter(([, y]) => y !== null));
    this.#plot.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.#plot.setAttribute("aria-label", `${this.#definition.title}: ${shown.map((c) => `${c.label} ${this.#quantity(last(c))}`).join(", ")}`);
    this.#scale = points.length > 0 ? new Scale(points, width, height, this.#definition.logarithmic) : null;
    this.#plot.replaceChildren(...(this.#scale ? this.#drawn(shown, width, height) : []));
    this.#note.textContent = this.#curves.length === 0 ? "Nothing has been measured yet." : this.#left > 0 ? `${this.#left} more are in the metrics.` : "";
    this.#drawLegend();
  }

  #drawn(shown, width, height) {
    const scale = this.#scale;
    const bottom = height - MARGIN.bottom;
    const drawn = [];
    for (const y of scale.yTicks(this.#definition.unit)) {
      const at = scale.y(y);
      drawn.push(
        svg("line", { class: "grid", x1: MARGIN.left, x2: width - MARGIN.right, y1: at, y2: at }),
        label(this.#quantity(y), { x: MARGIN.left - 6, y: at + 4, "text-anchor": "end" }));
    }
    for (const x of scale.xTicks(this.#axis)) {
      const at = scale.x(x);
      drawn.push(label(this.#place(x), { x: at, y: bottom + 15, "text-anchor": at > width - 40 ? "end" : "middle" }));
    }
    for (const curve of shown)
      drawn.push(svg("path", { class: `curve c${curve.color} ${curve.stroke}${curve.faint ? " faint" : ""}`, d: path(curve.points, scale) }));
    if (this.#cursor !== null)
      drawn.push(svg("line", { class: "cursor", x1: scale.x(this.#cursor), x2: scale.x(this.#cursor), y1: MARGIN.top, y2: bottom }));
    return drawn;
  }

  // Buttons stay the same elements while their curves do, so that a click or the keyboard's focus is not lost between two readings.
  #drawLegend() {
    const buttons = [...this.#legend.children];
    const same = buttons.length === this.#curves.length && buttons.every((b, k) => b.dataset.key === this.#curves[k].key);
    if (!same) this.#legend.replaceChildren(...this.#curves.map((curve) => this.#button(curve)));
    [...this.#legend.children].forEach((button, k) => {
      const curve = this.#curves[k];
      const nearest = this.#cursor === null ? last(curve) : at(curve, this.#cursor);
      button.setAttribute("aria-pressed", String(!this.#hidden.has(curve.key)));
      button.children[1].textContent = curve.label;
      button.children[2].textContent = this.#quantity(nearest);
    });
  }

  #button(curve) {
    const button = create("button", { type: "button", title: "Shows or hides this curve" });
    button.dataset.key = curve.key;
    const swatch = svg("svg", { viewBox: "0 0 22 10", class: "plot-swatch", "aria-hidden": "true" });
    swatch.append(svg("line", { class: `c${curve.color}`, x1: 0, x2: 22, y1: 5, y2: 5, "stroke-width": 2.5, "stroke-dasharray": dashes(curve.stroke), "stroke-opacity": curve.faint ? 0.5 : 1 }));
    button.append(swatch, create("span"), create("b"));
    button.addEventListener("click", () => {
      if (!this.#hidden.delete(curve.key)) this.#hidden.add(curve.key);
      this.#redraw();
    });
    return button;
  }

  #quantity(value) {
    return quantity(value, SCALED.includes(this.#definition.unit) ? this.#definition.unit : "");
  }

  #place(x) {
    return this.#axis === "time" ? duration(x) : steps(x);
  }
}

/** From values to pixels; upwards it may be logarithmic, and is where positive values span more than a factor of 100. */
class Scale {
  constructor(points, width, height, mayBeLogarithmic) {
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    [this.x0, this.x1] = extent(xs);
    [this.y0, this.y1] = extent(ys);
    this.logarithmic = mayBeLogarithmic && this.y0 > 0 && this.y1 / this.y0 > LOGARITHMIC_FROM;
    if (!this.logarithmic) {
      if (this.y0 >= 0 && this.y0 < this.y1 * 0.3) this.y0 = 0;
      const room = this.y1 > this.y0 ? (this.y1 - this.y0) * 0.05 : Math.abs(this.y1) * 0.1 || 1;
      if (this.y0 !== 0 || this.y1 === 0) this.y0 -= room;
      this.y1 += room;
    }
    if (this.x1 === this.x0) this.x1 = this.x0 + 1;
    this.width = width - MARGIN.left - MARGIN.right;
    this.height = height - MARGIN.top - MARGIN.bottom;
  }

  x(value) {
    return MARGIN.left + ((value - this.x0) / (this.x1 - this.x0)) * this.width;
  }

  xOf(pixel) {
    return this.x0 + (Math.min(Math.max(pixel - MARGIN.left, 0), this.width) / this.width) * (this.x1 - this.x0);
  }

  y(value) {
    const part = this.logarithmic
      ? Math.log(value / this.y0) / Math.log(this.y1 / this.y0)
      : (value - this.y0) / (this.y1 - this.y0);
    return MARGIN.top + (1 - part) * this.height;
  }

  xTicks(axis) {
    const wanted = Math.max(2, Math.floor(this.width / 65));
    return (axis === "time" ? durationTicks : ticks)(this.x0, this.x1, wanted);
  }

  yTicks(unit) {
    return (this.logarithmic ? logarithmicTicks : unit === "B" ? byteTicks : ticks)(this.y0, this.y1, 4);
  }
}

function path(points, scale) {
  let [d, drawing] = ["", false];
  for (const [x, y] of points) {
    if (y === null || (scale.logarithmic && y <= 0)) {
      drawing = false;
      continue;
    }
    d += `${drawing ? "L" : "M"}${scale.x(x).toFixed(1)} ${scale.y(y).toFixed(1)}`;
    drawing = true;
  }
  return d;
}

const last = (curve) => curve.points.findLast(([, y]) => y !== null)?.[1] ?? null;

function at(curve, x) {
  let nearest = null;
  for (const point of curve.points) {
    if (point[1] !== null && (nearest === null || Math.abs(point[0] - x) < Math.abs(nearest[0] - x))) nearest = point;
  }
  return nearest?.[1] ?? null;
}

function extent(values) {
  let [low, high] = [values[0], values[0]];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

const dashes = (stroke) => ({ dashed: "6 4", dotted: "2 3" })[stroke] ?? "none";

function label(content, attributes) {
  const element = svg("text", attributes);
  element.textContent = content;
  return element;
}

function svg(name, attributes = {}) {
  return withAttributes(document.createElementNS(SVG, name), attributes);
}

function create(name, attributes = {}) {
  return withAttributes(document.createElement(name), attributes);
}

function text(name, content, className) {
  const element = create(name, className ? { class: className } : {});
  element.textContent = content;
  return element;
}

function withAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

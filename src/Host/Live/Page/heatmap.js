// The similarity matrix, drawn on a canvas.

import { count, number } from "./format.js";

const LABELS = { left: 64, top: 22 };
const LINE_HEIGHT = 15;
const LONGEST_NAME = 9;

export class Heatmap {
  #figure;
  #canvas;
  #picture = null;
  #cells = document.createElement("canvas");

  constructor(figure) {
    this.#figure = figure;
    this.#canvas = figure.querySelector("canvas");
    this.#canvas.addEventListener("pointermove", (e) => this.#read(e));
    this.#canvas.addEventListener("pointerleave", () => this.#say(""));
    new ResizeObserver(() => this.#draw()).observe(this.#canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
  }

  show(picture) {
    this.#picture = picture;
    const mean = picture.perCell > 1 ? ` A cell is the mean over ${picture.perCell} × ${picture.perCell} pairs.` : "";
    this.#part("#matrix-description").textContent =
      `${picture.measure[0].toUpperCase()}${picture.measure.slice(1)} similarity of ${picture.model}, (S + Sᵀ)/2, ${count(picture.probes)} probes ordered by ${picture.order}, after ${count(picture.step)} steps.${mean}`;
    this.#part("#scale").hidden = this.#canvas.hidden = false;
    this.#part("#low").textContent = `≤ ${number(picture.low)}`;
    this.#part("#high").textContent = `≥ ${number(picture.high)}`;
    this.#part("#colors").style.background = `linear-gradient(to right, ${picture.colors.join(", ")})`;
    this.#part("#scale").title = `${picture.measure} similarity ${picture.explanation}`;
    this.#canvas.dataset.step = picture.step;
    this.#paint();
    this.#draw();
  }

  /** Nothing is known of the matrix any more. */
  clear() {
    this.#picture = null;
    this.#part("#scale").hidden = this.#canvas.hidden = true;
    this.#part("#matrix-description").textContent = "It appears when its first row is measured.";
  }

  #part(selector) {
    return this.#figure.querySelector(selector);
  }

  #paint() {
    const { side, cells, low, high, colors } = this.#picture;
    const palette = colors.map((c) => [1, 3, 5].map((k) => parseInt(c.slice(k, k + 2), 16)));
    this.#cells.width = this.#cells.height = side;
    const context = this.#cells.getContext("2d");
    const image = context.createImageData(side, side);
    cells.forEach((value, k) => {
      const place = Math.round(((value - low) / (high - low)) * (palette.length - 1));
      const [r, g, b] = palette[Math.min(Math.max(place, 0), palette.length - 1)];
      image.data.set([r, g, b, 255], 4 * k);
    });
    context.putImageData(image, 0, 0);
  }

  #draw() {
    const size = this.#canvas.clientWidth;
    if (!this.#picture || size === 0) return;
    const { side, perCell, probes, groups, diverging } = this.#picture;
    const density = devicePixelRatio || 1;
    this.#canvas.width = this.#canvas.height = Math.round(size * density);
    const context = this.#canvas.getContext("2d");
    context.scale(density, density);
    context.imageSmoothingEnabled = false;
    const { origin, extent } = this.#frame(size);
    // The last cell may stand for fewer probes than the others.
    const whole = (extent * side * perCell) / probes;
    context.save();
    context.beginPath();
    context.rect(origin.x, origin.y, extent, extent);
    context.clip();
    context.drawImage(this.#cells, origin.x, origin.y, whole, whole);
    context.strokeStyle = diverging ? "#000" : "#fff";
    context.beginPath();
    for (const { start } of groups.slice(1)) {
      const at = (start / probes) * extent;
      context.moveTo(origin.x + at, origin.y);
      context.lineTo(origin.x + at, origin.y + extent);
      context.moveTo(origin.x, origin.y + at);
      context.lineTo(origin.x + extent, origin.y + at);
    }
    context.stroke();
    context.restore();
    this.#name(context, origin, extent);
  }

  #name(context, origin, extent) {
    const { probes, groups } = this.#picture;
    context.fillStyle = getComputedStyle(this.#canvas).color;
    context.font = "12px system-ui, sans-serif";
    let [right, bottom] = [-Infinity, -Infinity];
    for (const { name, start, count } of groups) {
      const middle = ((start + count / 2) / probes) * extent;
      const shortened = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
      const width = context.measureText(shortened).width;
      if (middle - width / 2 > right) {
        context.textAlign = "center";
        context.fillText(shortened, origin.x + middle, origin.y - 7);
        right = middle + width / 2 + 6;
      }
      if (middle - LINE_HEIGHT / 2 > bottom) {
        context.textAlign = "right";
        context.fillText(shortened, origin.x - 6, origin.y + middle + 4);
        bottom = middle + LINE_HEIGHT / 2;
      }
    }
  }

  #frame(size) {
    return { origin: { x: LABELS.left, y: LABELS.top }, extent: size - LABELS.left };
  }

  #read(event) {
    if (!this.#picture) return;
    const { side, perCell, probes, groups, cells, order } = this.#picture;
    const { origin, extent } = this.#frame(this.#canvas.clientWidth);
    const place = (pixel, start) => Math.floor(((pixel - start) / extent) * probes);
    const [column, row] = [place(event.offsetX, origin.x), place(event.offsetY, origin.y)];
    if (column < 0 || row < 0 || column >= probes || row >= probes) {
      this.#say("");
      return;
    }
    const group = (at) => groups.find((g) => at < g.start + g.count).name;
    const value = cells[Math.floor(row / perCell) * side + Math.floor(column / perCell)];
    this.#say(`${order} ${group(row)} × ${order} ${group(column)}: ${number(value)}`);
  }

  #say(reading) {
    this.#part("#matrix-reading").textContent = reading;
  }
}

// The live page: connects to the run, and draws what it is sent.

import { LineChart } from "./chart.js";
import { curvesOf, Measurements } from "./curves.js";
import { count, duration, number, quantity } from "./format.js";
import { Heatmap } from "./heatmap.js";

const part = (id) => document.getElementById(id);
const choices = part("choices");
const heatmap = new Heatmap(part("similarity-matrix"));
const measurements = new Measurements();

let events = null;
let run = null;
let charts = [];
let status = null;
let due = false;

function connect() {
  events?.close();
  const { measure, order } = chosen();
  events = new EventSource(`live?${new URLSearchParams({ measure, order })}`);
  events.onerror = () => lost();
  on("run", meet);
  on("status", (message) => { status = message; draw(); });
  on("history", (message) => { measurements.replace(message); draw(); });
  on("rows", (message) => { measurements.append(message); draw(); });
  on("similarity", (message) => heatmap.show(message));
  on("end", end);
}

function on(name, take) {
  events.addEventListener(name, (event) => take(JSON.parse(event.data)));
}

function meet(message) {
  say(null);
  if (run?.run === message.run) return;
  // Another run may be served where the one before was.
  run = message;
  heatmap.clear();
  part("study").textContent = run.study;
  part("run").textContent = `${run.run} · ${run.model} · source ${run.source}`;
  part("version").textContent = run.version;
  for (const { chart } of charts) chart.element.remove();
  charts = run.charts.map((definition) => ({ definition, chart: new LineChart(definition) }));
  part("panels").append(...charts.map(({ chart }) => chart.element));
}

function end({ outcome, message }) {
  events.close();
  if (outcome === null) {
    showState("lost", "page stopped");
    say(message);
    return;
  }
  status = { ...status, state: outcome === "failed" ? "failed" : "ended" };
  say(message ? `The run ended: ${outcome}. ${message}` : `The run ended: ${outcome}. This is what it had measured.`);
  draw();
}

function lost() {
  showState("lost", "connection lost");
  say("The run does not answer: it has ended, or cannot be reached from here. Trying again.");
  // A browser gives up where it was refused, as by a run that has too many viewers.
  if (events.readyState === EventSource.CLOSED) setTimeout(connect, 5000);
}

function say(notice) {
  part("notice").hidden = notice === null;
  part("notice").textContent = notice ?? "";
}

function draw() {
  if (due || document.hidden) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    drawProgress();
    drawCharts();
  });
}

function drawProgress() {
  if (!status) return;
  showState(status.state, status.state);
  const { phase, model, step, total, rate, left, elapsed, loss, index } = status;
  const fraction = total > 0 ? Math.min(step / total, 1) : null;
  part("bar").classList.toggle("unknown", fraction === null);
  part("done").style.width = `${100 * (fraction ?? 0)}%`;
  if (fraction !== null) part("bar").setAttribute("aria-valuenow", Math.floor(100 * fraction));
  else part("bar").removeAttribute("aria-valuenow");
  list(part("progress"), [
    ["Phase", phase ? `${phase}, ${model}` : "starting"],
    ["Steps", step === null ? "–" : total === null ? count(step) : `${count(step)} of ${count(total)} (${Math.floor(100 * fraction)} %)`],
    ["Speed", rate === null ? "–" : `${number(rate)} steps/s`],
    ["Left of this phase", step !== null && total === null ? "no end is set" : duration(left)],
    ["Running for", duration(elapsed)],
    ["Loss", number(loss)],
    ["Elasticity index (kernelized)", number(index)],
  ]);
  document.title = `${fraction === null ? status.state : `${Math.floor(100 * fraction)} %`} · ${run?.study ?? "ElasticityStream"}`;
}

function drawCharts() {
  if (!run) return;
  for (const { definition, chart } of charts) chart.draw(curvesOf(definition, measurements, chosen()), chosen().axis);
  list(part("figures"), run.figures.map((f) => [f.title, quantity(measurements.sum(f.instrument, f.only), f.unit), f.description]));
}

function list(element, entries) {
  if (element.children.length !== entries.length) {
    element.replaceChildren(...entries.map(() => {
      const entry = document.createElement("div");
      entry.append(document.createElement("dt"), document.createElement("dd"));
      return entry;
    }));
  }
  entries.forEach(([name, value, description], k) => {
    const [term, content] = element.children[k].children;
    term.textContent = name;
    term.title = description ?? "";
    content.textContent = value;
  });
}

function showState(state, name) {
  part("state").dataset.state = state;
  part("state").textContent = name;
}

function chosen() {
  return Object.fromEntries(new FormData(choices));
}

choices.addEventListener("change", (event) => {
  if (event.target.name === "axis" || status?.state === "ended" || status?.state === "failed") draw();
  else connect();
});
document.addEventListener("visibilitychange", () => draw());
connect();

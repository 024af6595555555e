/** Draws a figure's table with Chart.js when the figure comes near; the drawing answers to pointer and keys like the table's links. */

import { amount, heading, read } from "./chart-table.js";
import { MODES, addRowMode, configuration, markRow } from "./chart-options.js";
import { element, find } from "./dom.js";
import { THEME_CHANGED } from "./page.js";

/** @import { ChartTable } from "./chart-table.js" */

const CHART_JS = new URL("../vendor/chart.js/chart.umd.min.js", import.meta.url).href;
const NEAR = matchMedia("(min-width: 48rem)").matches ? "300px" : "0px 0px -10%"; // a phone draws what it sees

/** @type {Record<string, [number, number]>} */
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const HINT = "Arrow keys move through the numbers, Enter opens the list, Escape leaves.";

/** @param {HTMLElement} figure */
export function mountChart(figure) {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      void draw(figure);
    },
    { rootMargin: NEAR },
  );
  observer.observe(figure.closest("details, .charts") ?? figure); // what is closed, or beside the screen, is nowhere
}

/** @param {HTMLElement} figure */
async function draw(figure) {
  try {
    await Promise.all([import(CHART_JS), document.fonts.ready]);
  } catch {
    showTableOnly(figure);
    return;
  }
  addRowMode();
  const view = new ChartView(figure, find(figure, "canvas", HTMLCanvasElement));
  linkCanvas(view);
  linkKeys(view);
  linkTable(view);
  const redraw = () => view.redraw();
  document.addEventListener(THEME_CHANGED, redraw);
  matchMedia("(forced-colors: active)").addEventListener("change", redraw);
}

/** @param {HTMLElement} figure */
function showTableOnly(figure) {
  find(figure, ".chart-plot", HTMLElement).hidden = true;
  for (const details of figure.querySelectorAll("details")) details.open = true;
}

/** A figure's drawing, and the place in it that is marked. */
class ChartView {
  /** @type {Place | null} */
  place = null;

  /**
   * @param {HTMLElement} figure
   * @param {HTMLCanvasElement} canvas
   */
  constructor(figure, canvas) {
    this.figure = figure;
    this.canvas = canvas;
    canvas.hidden = false;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    /** @type {ChartTable} */
    this.table = read(figure);
    this.chart = new Chart(canvas, configuration(this.table, !still));
  }

  /** The same numbers in the current colours. */
  redraw() {
    this.chart.destroy();
    this.table = read(this.figure);
    this.chart = new Chart(this.canvas, configuration(this.table, false));
    if (this.place) this.mark(this.place);
  }

  /** @param {Place | null} place */
  mark(place) {
    this.place = place;
    const places = place ? [place] : [];
    const shape = place && this.chart.getDatasetMeta(place.datasetIndex).data[place.index];
    this.chart.setActiveElements(places);
    this.chart.tooltip.setActiveElements(places, shape ? shape.tooltipPosition(true) : { x: 0, y: 0 });
    this.chart.render();
    markRow(this.table, place?.index);
  }
}

/**
 * The link of a place, null where its row has none.
 * @param {ChartTable} table
 * @param {Place} place
 */
function linkOf({ points }, { datasetIndex, index }) {
  return points[index]?.parts[datasetIndex]?.href ?? null;
}

/**
 * Follows a link, in a new tab when a real link would.
 * @param {string | null} href
 * @param {MouseEvent | KeyboardEvent} event
 */
function follow(href, event) {
  if (!href) return;
  const newTab = event.ctrlKey || event.metaKey || event.shiftKey || ("button" in event && event.button === 1);
  if (newTab) open(href, "_blank", "noopener");
  else location.assign(href);
}

/**
 * Every slice, bar, segment and point is a link to the list that its number counts.
 * @param {ChartView} view
 */
function linkCanvas(view) {
  const { canvas } = view;
  canvas.addEventListener("click", (event) => follow(linkAt(view, event), event));
  canvas.addEventListener("auxclick", (event) => {
    if (event.button === 1) follow(linkAt(view, event), event);
  });
  canvas.addEventListener("mousedown", (event) => {
    if (event.button === 1 && linkAt(view, event)) event.preventDefault(); // or the page begins to scroll
  });
  canvas.addEventListener("mousemove", (event) => {
    canvas.style.cursor = linkAt(view, event) ? "pointer" : "default";
  });
}

/**
 * @param {ChartView} view
 * @param {MouseEvent} event
 */
function linkAt({ chart, table }, event) {
  const mode = MODES[table.kind];
  const hit = chart.getElementsAtEventForMode(event, mode.mode, mode, true)[0];
  if (hit) return linkOf(table, hit);
  if (table.kind !== "stacked" || event.offsetY < chart.chartArea.top || event.offsetY > chart.chartArea.bottom) return null;
  // Beside its segments, a row is the link of its head.
  return table.points[chart.scales["y"]?.getValueForPixel(event.offsetY) ?? -1]?.href ?? null;
}

/**
 * A number under the mouse, or the name beside it, marks its part of the drawing.
 * @param {ChartView} view
 */
function linkTable(view) {
  const body = find(view.figure, "tbody", HTMLElement);
  body.addEventListener("pointerover", ({ target, pointerType }) => {
    const cell = target instanceof Element && target.closest("th, td");
    if (pointerType === "mouse" && cell instanceof HTMLTableCellElement) view.mark(placeOf(view.table, cell));
  });
  body.addEventListener("pointerleave", () => view.mark(null));
}

/**
 * @param {ChartTable} table
 * @param {HTMLTableCellElement} cell
 * @returns {Place | null}
 */
function placeOf({ kind, points }, cell) {
  const index = points.findIndex(({ row }) => row === cell.parentElement);
  const datasetIndex = kind === "stacked" ? cell.cellIndex - 1 : 0;
  return points[index]?.parts[datasetIndex]?.copies ? { datasetIndex, index } : null;
}

/**
 * Keys move through the drawing: the place they are at is marked, announced, and a link.
 * @param {ChartView} view
 */
function linkKeys(view) {
  const { canvas } = view;
  const announced = element("p", { class: "visually-hidden", "aria-live": "polite" });
  canvas.parentElement?.after(announced);
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-roledescription", "chart");
  canvas.setAttribute("aria-description", HINT);
  canvas.addEventListener("keydown", (event) => {
    if (press(view, event, announced)) event.preventDefault();
  });
  canvas.addEventListener("blur", () => {
    view.mark(null);
    announced.textContent = "";
  });
}

/**
 * Handles a key, and returns whether it did anything.
 * @param {ChartView} view
 * @param {KeyboardEvent} event
 * @param {HTMLElement} announced
 */
function press(view, event, announced) {
  const { table, place } = view;
  if (event.key === "Enter" || event.key === " ") {
    const href = place && linkOf(table, place);
    if (href) follow(href, event);
    return Boolean(href);
  }
  if (event.altKey || event.ctrlKey || event.metaKey) return false;
  if (event.key === "Escape") {
    view.canvas.blur();
    return true;
  }
  const next = moved(table, place, event.key);
  const point = next && table.points[next.index];
  if (!point) return false;
  view.mark(next);
  announced.textContent = `${heading(point)}, ${amount(table, next)}`;
  return true;
}

/**
 * The place a key leads to, or null.
 * @param {ChartTable} table
 * @param {Place | null} place
 * @param {string} key
 * @returns {Place | null}
 */
function moved(table, place, key) {
  const last = table.points.length - 1;
  if (key === "Home") return nearest(table, 0, place?.datasetIndex ?? 0);
  if (key === "End") return nearest(table, last, place?.datasetIndex ?? 0);
  const step = STEPS[key];
  if (!step) return null;
  if (!place) return nearest(table, 0, 0);
  const [down, right] = table.kind === "stacked" ? step : [step[0] + step[1], 0];
  if (right) return beside(table, place, right);
  const index = place.index + down;
  return index < 0 || index > last ? null : nearest(table, index, place.datasetIndex);
}

/**
 * The next segment of the row that is not empty.
 * @param {ChartTable} table
 * @param {Place} place
 * @param {number} step
 */
function beside({ points }, { datasetIndex, index }, step) {
  const parts = points[index]?.parts ?? [];
  for (let at = datasetIndex + step; at in parts; at += step) {
    if (parts[at]?.copies) return { datasetIndex: at, index };
  }
  return null;
}

/**
 * The place of a row in the wanted column, or in the closest one that is not empty.
 * @param {ChartTable} table
 * @param {number} index
 * @param {number} wanted
 */
function nearest({ kind, points }, index, wanted) {
  const columns = Array.from(points[index]?.parts.keys() ?? []);
  const drawn = kind === "stacked" ? columns.filter((at) => points[index]?.parts[at]?.copies) : columns;
  const byDistance = drawn.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted));
  return { datasetIndex: byDistance[0] ?? 0, index };
}

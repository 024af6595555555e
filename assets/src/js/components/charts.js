/** Draws a figure's table with Chart.js once the figure comes near: the table is what is drawn, and stays. */

import { find } from "./dom.js";
import { openDoors } from "./chart-doors.js";
import { walkWithKeys } from "./chart-keys.js";
import { configuration, meetRows, showRow } from "./chart-kinds.js";
import { read } from "./chart-table.js";
import { THEME_CHANGED } from "./theme.js";

/** @import { ChartTable } from "./chart-table.js" */

const CHART_JS = new URL("../vendor/chart.js/chart.umd.min.js", import.meta.url).href;
const NEAR = "300px";

/** @param {HTMLElement} figure */
export function mount(figure) {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      void draw(figure);
    },
    { rootMargin: NEAR },
  );
  observer.observe(figure);
}

/** @param {HTMLElement} figure */
async function draw(figure) {
  try {
    await Promise.all([import(CHART_JS), document.fonts.ready]);
  } catch {
    showNumbersOnly(figure);
    return;
  }
  meetRows();
  const drawn = new Drawn(figure, find(figure, "canvas", HTMLCanvasElement));
  openDoors(drawn);
  walkWithKeys(drawn);
  meetCells(drawn);
  const redraw = () => drawn.redraw();
  document.addEventListener(THEME_CHANGED, redraw);
  matchMedia("(forced-colors: active)").addEventListener("change", redraw);
}

/**
 * A number under the mouse, or the name beside it, marks what is drawn of it.
 * @param {Drawn} drawn
 */
function meetCells(drawn) {
  const body = find(drawn.figure, "tbody", HTMLElement);
  body.addEventListener("pointerover", ({ target, pointerType }) => {
    const cell = target instanceof Element && target.closest("th, td");
    if (pointerType === "mouse" && cell instanceof HTMLTableCellElement) drawn.mark(placeOf(drawn.table, cell));
  });
  body.addEventListener("pointerleave", () => drawn.mark(null));
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

/** A figure's drawing, and the place in it that the keys, or a row under the pointer, point at. */
export class Drawn {
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

  /** The same numbers in the colours that hold now. */
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
    showRow(this.table, place?.index);
  }
}

/** @param {HTMLElement} figure */
function showNumbersOnly(figure) {
  find(figure, ".chart-plot", HTMLElement).hidden = true;
  for (const details of figure.querySelectorAll("details")) details.open = true;
}

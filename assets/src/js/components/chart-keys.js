/** Walking through a drawing with the keys: what one is at is marked, said, and a door. */

import { element } from "./dom.js";
import { door, follow } from "./chart-doors.js";
import { amount, heading } from "./chart-table.js";

/** @import { ChartTable } from "./chart-table.js" */
/** @import { Drawn } from "./charts.js" */

/** @type {Record<string, [number, number]>} */
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const HINT = "Arrow keys move through the numbers, Enter opens the list, Escape leaves.";

/** @param {Drawn} drawn */
export function walkWithKeys(drawn) {
  const { canvas } = drawn;
  const told = element("p", { class: "visually-hidden", "aria-live": "polite" });
  canvas.parentElement?.after(told);
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-roledescription", "chart");
  canvas.setAttribute("aria-description", HINT);
  canvas.addEventListener("keydown", (event) => {
    if (press(drawn, event, told)) event.preventDefault();
  });
  canvas.addEventListener("blur", () => leave(drawn, told));
}

/**
 * Does what a key asks for, and says whether it did anything.
 * @param {Drawn} drawn
 * @param {KeyboardEvent} event
 * @param {HTMLElement} told
 */
function press(drawn, event, told) {
  const { table, place } = drawn;
  if (event.key === "Enter" || event.key === " ") {
    const href = place && door(table, place);
    if (href) follow(href, event);
    return Boolean(href);
  }
  if (event.altKey || event.ctrlKey || event.metaKey) return false;
  if (event.key === "Escape") {
    drawn.canvas.blur();
    return true;
  }
  const next = moved(table, place, event.key);
  if (!next) return false;
  drawn.mark(next);
  told.textContent = said(table, next);
  return true;
}

/**
 * @param {Drawn} drawn
 * @param {HTMLElement} told
 */
function leave(drawn, told) {
  drawn.mark(null);
  told.textContent = "";
}

/**
 * Where a key leads from a place, or null where it leads nowhere.
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
 * The next segment of the row that is there at all.
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
 * The place of a row in the wanted column, or in the closest one where the row has something.
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

/**
 * @param {ChartTable} table
 * @param {Place} place
 */
function said(table, place) {
  const point = table.points[place.index];
  return point ? `${heading(point)}, ${amount(table, place)}` : "";
}

/** Every slice, bar, segment and point of a drawing leads to the list that its number counts, as a link would. */

import { MODES } from "./chart-kinds.js";

/** @import { ChartTable } from "./chart-table.js" */
/** @import { Drawn } from "./charts.js" */

/** @param {Drawn} drawn */
export function openDoors(drawn) {
  const { canvas } = drawn;
  canvas.addEventListener("click", (event) => follow(doorAt(drawn, event), event));
  canvas.addEventListener("auxclick", (event) => {
    if (event.button === 1) follow(doorAt(drawn, event), event);
  });
  canvas.addEventListener("mousedown", (event) => {
    if (event.button === 1 && doorAt(drawn, event)) event.preventDefault(); // or the page begins to scroll
  });
  canvas.addEventListener("mousemove", (event) => {
    canvas.style.cursor = doorAt(drawn, event) ? "pointer" : "default";
  });
}

/**
 * Where a place leads: nowhere when its row has no link there.
 * @param {ChartTable} table
 * @param {Place} place
 */
export function door({ points }, { datasetIndex, index }) {
  return points[index]?.parts[datasetIndex]?.href ?? null;
}

/**
 * Goes there: in a new tab when that is what a link would do.
 * @param {string | null} href
 * @param {MouseEvent | KeyboardEvent} event
 */
export function follow(href, event) {
  if (!href) return;
  const apart = event.ctrlKey || event.metaKey || event.shiftKey || ("button" in event && event.button === 1);
  if (apart) open(href, "_blank", "noopener");
  else location.assign(href);
}

/**
 * @param {Drawn} drawn
 * @param {MouseEvent} event
 */
function doorAt({ chart, table }, event) {
  const mode = MODES[table.kind];
  const hit = chart.getElementsAtEventForMode(event, mode.mode, mode, true)[0];
  if (hit) return door(table, hit);
  return table.kind === "stacked" ? rowDoor(chart, table, event.offsetY) : null;
}

/**
 * Beside the segments, a row leads where its head leads.
 * @param {DrawnChart} chart
 * @param {ChartTable} table
 * @param {number} y
 */
function rowDoor({ chartArea, scales }, { points }, y) {
  if (y < chartArea.top || y > chartArea.bottom) return null;
  return points[scales["y"]?.getValueForPixel(y) ?? -1]?.href ?? null;
}

/** Text and marks on a drawing: names of slices and segments, totals, the peak, and the outline of the marked place. */

import { total } from "./chart-table.js";

/** @import { ChartTable, ThemeColours } from "./chart-table.js" */

const SIZE = 14;
const LEAST_NAMED = 20; // a slice of one in so many is named
const INSIDE = 8; // pixels from a segment's edge to its name

/**
 * The name of each slice that is more than a twentieth, outside the rim at its middle.
 * @param {ChartInstance} chart
 * @param {ChartTable} table
 */
export function nameSlices(chart, { points, theme }) {
  const sum = points.reduce((before, point) => before + point.total, 0);
  const { left, right, top, bottom } = chart.chartArea;
  chart.getDatasetMeta(0).data.forEach(({ startAngle, endAngle, outerRadius }, index) => {
    const point = points[index];
    if (!point || point.total * LEAST_NAMED < sum) return;
    const angle = (startAngle + endAngle) / 2;
    const rim = outerRadius + 8;
    const x = (left + right) / 2 + rim * Math.cos(angle);
    const y = (top + bottom) / 2 + (rim + 4) * Math.sin(angle);
    pen(chart, theme, Math.cos(angle) < 0 ? "right" : "left");
    const room = (Math.cos(angle) < 0 ? x : chart.width - x) - 2;
    chart.ctx.fillText(fitted(chart, point.label, room), x, y);
    chart.ctx.restore();
  });
}

/**
 * The name of each segment's column, where the segment is wide enough for it.
 * @param {ChartInstance} chart
 * @param {ChartTable} table
 */
export function nameSegments(chart, { series, theme }) {
  pen(chart, theme, "left");
  series.forEach(({ label, colour }, at) => {
    chart.ctx.fillStyle = on(colour);
    for (const { x, y, base } of chart.getDatasetMeta(at).data) {
      if (chart.ctx.measureText(label).width + 2 * INSIDE <= x - base) chart.ctx.fillText(label, base + INSIDE, y + 1);
    }
  });
  chart.ctx.restore();
}

/**
 * As much of a text as has room, with an ellipsis where it is cut.
 * @param {ChartInstance} chart
 * @param {string} text
 * @param {number} room in pixels
 */
function fitted({ ctx }, text, room) {
  if (ctx.measureText(text).width <= room) return text;
  const letters = Array.from(text);
  while (letters.length > 1 && ctx.measureText(`${letters.join("")}…`).width > room) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

/**
 * Black or white, whichever is easier to read on a colour.
 * @param {string} colour as the browser computes it
 */
function on(colour) {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return 0.299 * red + 0.587 * green + 0.114 * blue > 150 ? "black" : "white";
}

/**
 * Each row's total after its last segment.
 * @param {ChartInstance} chart
 * @param {ChartTable} table
 */
export function writeTotals(chart, { points, series, theme }) {
  pen(chart, theme, "left");
  points.forEach((point, index) => {
    const ends = series.map((_, at) => chart.getDatasetMeta(at).data[index]?.x ?? 0);
    const y = chart.getDatasetMeta(0).data[index]?.y ?? 0;
    const text = chart.width > 400 ? total(point) : total({ ...point, percent: null });
    chart.ctx.fillText(text, Math.max(...ends) + 8, y + 1);
  });
  chart.ctx.restore();
}

/**
 * The number at the highest point of a line; of several the last.
 * @param {ChartInstance} chart
 * @param {ChartTable} table
 */
export function writePeak(chart, { points, theme }) {
  const totals = points.map((point) => point.total);
  const index = totals.lastIndexOf(Math.max(...totals));
  const mark = chart.getDatasetMeta(0).data[index];
  const point = points[index];
  if (!mark || !point) return;
  const { left, right } = chart.chartArea;
  pen(chart, theme, mark.x > right - 40 ? "right" : mark.x < left + 40 ? "left" : "center");
  chart.ctx.fillText(total(point), mark.x, mark.y - 12);
  chart.ctx.restore();
}

/**
 * An outline of the place that pointer or keys mark, so that colour alone does not show it.
 * @param {ChartInstance} chart
 * @param {ChartTable} table
 */
export function drawMarked(chart, { kind, theme }) {
  const place = chart.getActiveElements()[0];
  const mark = place && chart.getDatasetMeta(place.datasetIndex).data[place.index];
  if (!mark) return;
  const { ctx, chartArea } = chart;
  ctx.save();
  ctx.strokeStyle = theme.ink;
  ctx.lineWidth = 2;
  ctx.beginPath();
  if (kind === "doughnut") {
    ctx.arc(mark.x, mark.y, mark.outerRadius, mark.startAngle, mark.endAngle);
    ctx.arc(mark.x, mark.y, mark.innerRadius, mark.endAngle, mark.startAngle, true);
    ctx.closePath();
  } else if (kind === "line") {
    ctx.moveTo(mark.x, chartArea.bottom);
    ctx.lineTo(mark.x, mark.y + 7);
  } else {
    ctx.rect(mark.base - 2, mark.y - mark.height / 2 - 2, mark.x - mark.base + 4, mark.height + 4);
  }
  ctx.stroke();
  ctx.restore();
}

/**
 * Saves the context and readies it for small text in ink.
 * @param {ChartInstance} chart
 * @param {ThemeColours} theme
 * @param {CanvasTextAlign} align
 */
function pen({ ctx }, theme, align) {
  ctx.save();
  ctx.font = `600 ${SIZE}px ${theme.face}`;
  ctx.fillStyle = theme.ink;
  ctx.textAlign = align;
  ctx.textBaseline = "middle";
}

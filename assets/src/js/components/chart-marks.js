/** Text and marks on a drawing: numbers of slices and segments, totals, the peak, and the outline of the marked place. */

import { total } from "./chart-table.js";

/** @import { ChartTable, ThemeColours } from "./chart-table.js" */

const SIZE = 14;
const BETWEEN_NUMBERS = 18; // least distance of two numbers along the rim, in pixels
const NUMBER_ROOM = 16; // least width of a segment that carries its number

/**
 * The number of each slice's row, outside the rim at its middle; neighbours that are too close move apart.
 * @param {ChartInstance} chart
 * @param {ThemeColours} theme
 */
export function numberSlices(chart, theme) {
  const arcs = chart.getDatasetMeta(0).data;
  const rim = Math.min(...arcs.map((arc) => arc.outerRadius)) + 14;
  const angles = spread(
    arcs.map((arc) => (arc.startAngle + arc.endAngle) / 2),
    BETWEEN_NUMBERS / rim,
  );
  const { left, right, top, bottom } = chart.chartArea;
  pen(chart, theme, "center");
  angles.forEach((angle, index) => {
    const across = (left + right) / 2 + rim * Math.cos(angle);
    const down = (top + bottom) / 2 + rim * Math.sin(angle);
    chart.ctx.fillText(String(index + 1), across, down);
  });
  chart.ctx.restore();
}

/**
 * Ascending angles moved as little as keeps each at least a step from the one before, round the whole circle.
 * @param {number[]} angles
 * @param {number} step
 */
function spread(angles, step) {
  const moved = [...angles];
  let limit = (moved[0] ?? 0) + 2 * Math.PI;
  for (let index = moved.length - 1; index > 0; index -= 1) {
    limit -= step;
    moved[index] = limit = Math.min(/** @type {number} */ (moved[index]), limit);
  }
  for (let index = 1; index < moved.length; index += 1) {
    const least = /** @type {number} */ (moved[index - 1]) + step;
    moved[index] = Math.max(/** @type {number} */ (moved[index]), least);
  }
  return moved;
}

/**
 * The number of each segment's column, where the segment is wide enough for it.
 * @param {ChartInstance} chart
 * @param {ChartTable} table
 */
export function numberSegments(chart, { series, theme }) {
  pen(chart, theme, "center");
  chart.ctx.fillStyle = theme.ground;
  series.forEach((_, at) => {
    for (const { x, y, base } of chart.getDatasetMeta(at).data) {
      if (x - base >= NUMBER_ROOM) chart.ctx.fillText(String(at + 1), (x + base) / 2, y + 1);
    }
  });
  chart.ctx.restore();
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
 * The highest point of a line with its number; of several the last.
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
  chart.ctx.fillText(total(point), mark.x, mark.y - 14);
  chart.ctx.fillStyle = point.colour;
  chart.ctx.beginPath();
  chart.ctx.arc(mark.x, mark.y, 4, 0, 2 * Math.PI);
  chart.ctx.fill();
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

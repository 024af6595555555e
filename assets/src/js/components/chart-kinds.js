/** How each kind of chart is drawn: a numbered ring, bars in the rows of their table, an area, numbered segments. */

import { amount, heading } from "./chart-table.js";
import { drawMarked, numberSegments, numberSlices, writePeak, writeTotals } from "./chart-marks.js";
import { yearAxis } from "./chart-ticks.js";

/** @import { ChartTable, Kind, Point } from "./chart-table.js" */
/** @typedef {{ dataset: (at: number) => object, options: object, draw?: (chart: DrawnChart) => void }} Drawing */

const SIZE = 14;
const BAR = 8; // pixels: how thick a bar is, and how far below a row's middle
const BELOW = 17;
const EDGE = 4; // how far the box of bars reaches beyond its table, for the mark round a bar

/** What of a drawing a pointer is at. */
export const MODES = {
  doughnut: { mode: "nearest", intersect: true },
  bar: { mode: "row", intersect: false },
  line: { mode: "index", axis: "x", intersect: false },
  stacked: { mode: "nearest", intersect: true },
};

/** Teaches Chart.js that a bar is met anywhere in its row. */
export function meetRows() {
  Chart.Interaction.modes["row"] = (chart, event) => {
    const { y } = Chart.helpers.getRelativePosition(event, chart);
    const { top, bottom } = chart.chartArea;
    if (y < top - BELOW || y > bottom - BELOW + BAR) return [];
    const index = chart.scales["y"]?.getValueForPixel(Math.min(y + BELOW, bottom - 1)) ?? 0;
    const element = chart.getDatasetMeta(0).data[index];
    return element ? [{ element, datasetIndex: 0, index }] : [];
  };
}

/**
 * @param {ChartTable} table
 * @param {boolean} moving
 */
export function configuration(table, moving) {
  const { points, series, inks } = table;
  const { dataset, options, draw } = KINDS[table.kind](table);
  const marks = {
    id: "marks",
    afterDatasetsDraw: (/** @type {DrawnChart} */ chart) => {
      draw?.(chart);
      drawMarked(chart, table);
    },
  };
  return {
    type: table.kind === "stacked" ? "bar" : table.kind,
    data: {
      labels: points.map((point) => point.label),
      datasets: series.map(({ label }, at) => ({
        label,
        data: points.map((point) => point.parts[at]?.copies ?? 0),
        ...dataset(at),
      })),
    },
    options: {
      animation: moving ? { duration: 500 } : false,
      maintainAspectRatio: false,
      color: inks.ink,
      font: { family: inks.face, size: SIZE },
      interaction: MODES[table.kind],
      onHover: (/** @type {unknown} */ _, /** @type {Place[]} */ places) => showRow(table, places[0]?.index),
      ...options,
      plugins: { legend: { display: false }, tooltip: tooltip(table) },
    },
    plugins: [marks],
  };
}

/**
 * Shows in the table which row is meant.
 * @param {ChartTable} table
 * @param {number | undefined} meant
 */
export function showRow({ points }, meant) {
  points.forEach(({ row }, index) => row.toggleAttribute("data-active", index === meant));
}

/** @type {Record<Kind, (table: ChartTable) => Drawing>} */
const KINDS = { doughnut, bar, line, stacked };

/**
 * @param {ChartTable} table
 * @returns {Drawing}
 */
function doughnut({ points, inks }) {
  const colours = points.map((point) => point.colour);
  return {
    dataset: () => ({
      backgroundColor: colours,
      hoverBackgroundColor: colours,
      borderColor: inks.ground,
      hoverBorderColor: inks.ground,
      borderWidth: points.length > 1 ? 2 : 0,
      hoverOffset: points.length > 1 ? 8 : 0,
    }),
    options: { cutout: "58%", layout: { padding: 26 } },
    draw: (chart) => numberSlices(chart, inks),
  };
}

/**
 * @param {ChartTable} table
 * @returns {Drawing}
 */
function bar({ points, inks }) {
  return {
    dataset: () => ({
      backgroundColor: points[0]?.colour,
      hoverBackgroundColor: inks.ink,
      barThickness: BAR,
      minBarLength: 3,
      borderRadius: 1,
      borderSkipped: false,
    }),
    options: {
      indexAxis: "y",
      layout: { padding: (/** @type {{ chart: DrawnChart }} */ { chart }) => besideRows(chart, points, BELOW, EDGE) },
      scales: { x: { display: false, min: 0, max: Math.max(...points.map((point) => point.total)) }, y: { display: false } },
    },
  };
}

/**
 * @param {ChartTable} table
 * @returns {Drawing}
 */
function line(table) {
  const { points, inks } = table;
  const colour = points[0]?.colour ?? inks.ink;
  const axis = yearAxis(points.map((point) => point.label));
  return {
    dataset: () => ({
      borderColor: colour,
      borderWidth: 2,
      borderJoinStyle: "round",
      fill: "origin",
      backgroundColor: (/** @type {{ chart: DrawnChart }} */ { chart }) => shading(chart, colour),
      pointBackgroundColor: colour,
      pointBorderColor: inks.ground,
      pointRadius: points.length > 1 ? 0 : 6,
      pointHoverRadius: 6,
      pointHoverBorderWidth: 2,
      pointHoverBackgroundColor: colour,
      pointHoverBorderColor: inks.ground,
    }),
    options: {
      layout: { padding: { top: 22, right: 8 } },
      scales: {
        x: {
          offset: points.length === 1,
          grid: { display: false },
          border: { color: inks.quiet },
          afterBuildTicks: axis.afterBuildTicks,
          ticks: { color: inks.quiet, autoSkip: false, maxRotation: 0, font: { size: SIZE }, callback: axis.text },
        },
        y: {
          beginAtZero: true,
          border: { display: false },
          grid: { color: inks.rule, drawTicks: false },
          ticks: { color: inks.quiet, precision: 0, maxTicksLimit: 6, padding: 8, font: { size: SIZE } },
        },
      },
    },
    draw: (chart) => writePeak(chart, table),
  };
}

/**
 * @param {ChartTable} table
 * @returns {Drawing}
 */
function stacked(table) {
  const { points, series, inks } = table;
  return {
    dataset: (at) => ({
      backgroundColor: series[at]?.colour,
      hoverBackgroundColor: series[at]?.colour,
      borderColor: inks.ground,
      borderWidth: { right: 1 },
      maxBarThickness: 26,
      categoryPercentage: 0.9,
      barPercentage: 0.8,
    }),
    options: {
      indexAxis: "y",
      layout: {
        padding: (/** @type {{ chart: DrawnChart }} */ { chart }) => besideRows(chart, points, 0, totalsRoom(chart)),
      },
      scales: {
        x: { display: false, stacked: true, min: 0, max: Math.max(...points.map((point) => point.total)) },
        y: {
          stacked: true,
          border: { display: false },
          grid: { display: false },
          ticks: { color: inks.ink, autoSkip: false, font: { size: SIZE } },
          afterFit: (/** @type {Scale} */ scale) => {
            scale.paddingTop = scale.paddingBottom = 0; // labels keep to their rows
          },
        },
      },
    },
    draw: (chart) => {
      numberSegments(chart, table);
      writeTotals(chart, table);
    },
  };
}

/** @param {DrawnChart} chart */
function totalsRoom({ width }) {
  return width > 400 ? 96 : 56;
}

/**
 * The padding that puts each bar at the height of its row, where the drawing stands over or beside the rows.
 * @param {DrawnChart} chart
 * @param {Point[]} points
 * @param {number} below
 * @param {number} right
 */
function besideRows({ canvas }, points, below, right) {
  const plot = /** @type {Element} */ (canvas.parentElement).getBoundingClientRect();
  const top = (points[0]?.row.getBoundingClientRect().top ?? 0) - plot.top;
  const bottom = plot.bottom - (points.at(-1)?.row.getBoundingClientRect().bottom ?? 0);
  const beside = top > 0 && bottom > -1;
  const left = right === EDGE ? EDGE : 0;
  return { left, right, top: beside ? top + below : 0, bottom: beside ? Math.max(0, bottom - below) : 0 };
}

/**
 * The line's colour, fading towards the ground.
 * @param {DrawnChart} chart
 * @param {string} colour
 */
function shading({ ctx, chartArea }, colour) {
  if (!chartArea) return "transparent";
  const gradient = ctx.createLinearGradient(0, chartArea.top, 0, chartArea.bottom);
  gradient.addColorStop(0, `color-mix(in srgb, ${colour} 36%, transparent)`);
  gradient.addColorStop(1, `color-mix(in srgb, ${colour} 6%, transparent)`);
  return gradient;
}

/**
 * Beside what it is about, never over its name or number.
 * @param {ChartTable} table
 */
function tooltip(table) {
  const { ink, ground, face } = table.inks;
  const font = { family: face, size: SIZE };
  return {
    backgroundColor: ink,
    titleColor: ground,
    bodyColor: ground,
    titleFont: { ...font, weight: 600 },
    bodyFont: font,
    cornerRadius: 2,
    padding: 10,
    caretPadding: table.kind === "stacked" ? 16 : 8,
    displayColors: false,
    ...(table.kind === "bar" && { yAlign: "top" }),
    ...(table.kind === "stacked" && { yAlign: "bottom" }),
    callbacks: {
      /**
       * @this {{ chart: DrawnChart }}
       * @param {Array<{ dataIndex: number }>} items
       */
      title(items) {
        const point = table.points[items[0]?.dataIndex ?? -1];
        return point ? cut(heading(point), this.chart) : "";
      },
      /**
       * @this {{ chart: DrawnChart }}
       * @param {{ dataIndex: number, datasetIndex: number }} item
       */
      label({ dataIndex, datasetIndex }) {
        return cut(amount(table, { datasetIndex, index: dataIndex }), this.chart);
      },
    },
  };
}

/**
 * As much of a text as fits into the drawing; the table keeps it whole.
 * @param {string} text
 * @param {DrawnChart} chart
 */
function cut(text, { width }) {
  const letters = Array.from(text);
  const room = Math.max(12, Math.floor(width / 9) - 4);
  return letters.length > room ? `${letters.slice(0, room - 1).join("").trimEnd()}…` : text;
}

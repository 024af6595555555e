/** The options of each kind of chart: a ring with names, bars in the rows of their table, an area or steps, segments with names. */

import { amount, heading } from "./chart-table.js";
import { drawMarked, nameSegments, nameSlices, writePeak, writeTotals } from "./chart-marks.js";

/** @import { ChartTable, Kind, Point } from "./chart-table.js" */
/** @typedef {{ dataset: (at: number) => object, options: object, draw?: (chart: ChartInstance) => void }} Drawing */

const SIZE = 14;
const RING = 220; // pixels across the doughnut
const BAR = 12; // pixels: how thick a bar is, and how far below a row's middle
const BELOW = 16;
const STEPS = [1, 2, 5, 10, 20, 25, 50, 100];
const APART = 46; // pixels from one year to the next: four digits and some air
const ENDS_APART = 90;
const shortMonth = new Intl.DateTimeFormat("en", { month: "short", year: "numeric", timeZone: "UTC" });
const GAP = 12; // pixels between a sleeve and its bar
const EDGE = 4; // how far the box of bars reaches beyond its table, for the mark round a bar

/** How Chart.js finds the part of a drawing under a pointer. */
export const MODES = {
  doughnut: { mode: "nearest", intersect: true },
  bar: { mode: "row", intersect: false },
  line: { mode: "index", axis: "x", intersect: false },
  stacked: { mode: "nearest", intersect: true },
};

/** Adds a mode to Chart.js in which a pointer anywhere in a row is at its bar. */
export function addRowMode() {
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
  const { points, series, theme } = table;
  const { dataset, options, draw } = KINDS[table.kind](table);
  const marks = {
    id: "marks",
    afterDatasetsDraw: (/** @type {ChartInstance} */ chart) => {
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
      color: theme.ink,
      font: { family: theme.face, size: SIZE },
      interaction: MODES[table.kind],
      onHover: (/** @type {unknown} */ _, /** @type {Place[]} */ places) => markRow(table, places[0]?.index),
      ...options,
      plugins: { legend: { display: false }, tooltip: tooltip(table) },
    },
    plugins: [marks],
  };
}

/**
 * Marks a row of the table.
 * @param {ChartTable} table
 * @param {number | undefined} marked
 */
export function markRow({ points }, marked) {
  points.forEach(({ row }, index) => row.toggleAttribute("data-active", index === marked));
}

/** @type {Record<Kind, (table: ChartTable) => Drawing>} */
const KINDS = { doughnut, bar, line, stacked };

/**
 * @param {ChartTable} table
 * @returns {Drawing}
 */
function doughnut(table) {
  const { points, theme } = table;
  const slices = points.map((point) => point.colour);
  return {
    dataset: () => ({
      backgroundColor: slices,
      hoverBackgroundColor: slices,
      borderColor: theme.ground,
      hoverBorderColor: theme.ground,
      borderWidth: points.length > 1 ? 2 : 0,
      hoverOffset: points.length > 1 ? 8 : 0,
    }),
    options: { cutout: "58%", layout: { padding: (/** @type {{ chart: ChartInstance }} */ { chart }) => ({ top: 14, bottom: 14, left: names(chart), right: names(chart) }) } },
    draw: (chart) => nameSlices(chart, table),
  };
}

/**
 * The room beside a ring for the names of its slices.
 * @param {ChartInstance} chart
 */
function names({ width }) {
  return Math.max(Math.min(76, width / 4), (width - RING) / 2);
}

/**
 * @param {ChartTable} table
 * @returns {Drawing}
 */
function bar({ points }) {
  const colours = points.map((point) => point.colour);
  return {
    dataset: () => ({
      backgroundColor: colours,
      hoverBackgroundColor: colours,
      barThickness: BAR,
      minBarLength: 3,
      borderRadius: 1,
      borderSkipped: false,
    }),
    options: {
      indexAxis: "y",
      layout: { padding: (/** @type {{ chart: ChartInstance }} */ { chart }) => besideRows(chart, points) },
      scales: { x: { display: false, min: 0, max: Math.max(...points.map((point) => point.total)) }, y: { display: false } },
    },
  };
}

/**
 * @param {ChartTable} table
 * @returns {Drawing}
 */
function line(table) {
  const { points, theme } = table;
  const colour = points[0]?.colour ?? theme.ink;
  const axis = yearAxis(points.map((point) => point.label));
  const steps = points.some((point) => point.colour !== colour) || /^\d+$/.test(points[0]?.label ?? "");
  return {
    dataset: () => ({
      stepped: steps ? "middle" : false,
      borderColor: colour,
      borderWidth: steps ? 0 : 2,
      borderJoinStyle: "round",
      fill: "origin",
      backgroundColor: (/** @type {{ chart: ChartInstance }} */ { chart }) => (steps ? hardStops(chart, points) : shading(chart, colour)),
      pointBackgroundColor: colour,
      pointBorderColor: theme.ground,
      pointRadius: points.length > 1 || steps ? 0 : 6,
      pointHoverRadius: steps ? 0 : 6,
      pointHoverBorderWidth: 2,
      pointHoverBackgroundColor: colour,
      pointHoverBorderColor: theme.ground,
    }),
    options: {
      layout: { padding: { top: 24, right: steps ? 0 : 8 } },
      scales: {
        x: {
          offset: steps || points.length === 1,
          display: !steps,
          grid: { display: false },
          border: { color: theme.quiet },
          afterBuildTicks: axis.afterBuildTicks,
          ticks: { color: theme.quiet, autoSkip: false, maxRotation: 0, font: { size: SIZE }, callback: axis.text },
        },
        y: {
          display: !steps,
          beginAtZero: true,
          ...(steps && { max: Math.max(...points.map((point) => point.total)) }),
          border: { display: false },
          grid: { color: theme.rule, drawTicks: false },
          ticks: { color: theme.quiet, precision: 0, maxTicksLimit: 4, padding: 8, font: { size: SIZE } },
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
  const { points, series, theme } = table;
  return {
    dataset: (at) => ({
      backgroundColor: series[at]?.colour,
      hoverBackgroundColor: series[at]?.colour,
      borderColor: theme.ground,
      borderWidth: { right: 1 },
      maxBarThickness: 26,
      categoryPercentage: 0.9,
      barPercentage: 0.8,
    }),
    options: {
      indexAxis: "y",
      layout: {
        padding: (/** @type {{ chart: ChartInstance }} */ { chart }) => ({ right: totalsRoom(chart) }),
      },
      scales: {
        x: { display: false, stacked: true, min: 0, max: Math.max(...points.map((point) => point.total)) },
        y: {
          stacked: true,
          border: { display: false },
          grid: { display: false },
          ticks: { color: theme.ink, autoSkip: false, font: { size: SIZE } },
          afterFit: (/** @type {Scale} */ scale) => {
            scale.paddingTop = scale.paddingBottom = 0; // labels keep to their rows
          },
        },
      },
    },
    draw: (chart) => {
      nameSegments(chart, table);
      writeTotals(chart, table);
    },
  };
}

/** @param {ChartInstance} chart */
function totalsRoom({ width }) {
  return width > 400 ? 96 : 56;
}

/**
 * The padding that puts each bar into its row, beside the row's sleeve where it has one.
 * @param {ChartInstance} chart
 * @param {Point[]} points
 */
function besideRows({ canvas }, points) {
  const plot = /** @type {Element} */ (canvas.parentElement).getBoundingClientRect();
  const first = points[0]?.row;
  const top = (first?.getBoundingClientRect().top ?? 0) - plot.top;
  const bottom = plot.bottom - (points.at(-1)?.row.getBoundingClientRect().bottom ?? 0);
  const sleeve = first?.querySelector(".cover")?.getBoundingClientRect();
  const inside = top > 0 && bottom > -1;
  return {
    left: EDGE + (sleeve ? sleeve.width + GAP : 0),
    right: EDGE,
    top: inside ? top + BELOW : 0,
    bottom: inside ? Math.max(0, bottom - BELOW) : 0,
  };
}

/**
 * The colour of each year's decade, side by side.
 * @param {ChartInstance} chart
 * @param {Point[]} points
 */
function hardStops({ ctx, chartArea }, points) {
  if (!chartArea) return "transparent";
  const gradient = ctx.createLinearGradient(chartArea.left, 0, chartArea.right, 0);
  points.forEach(({ colour }, index) => {
    gradient.addColorStop(index / points.length, colour);
    gradient.addColorStop((index + 1) / points.length, colour);
  });
  return gradient;
}

/**
 * The line's colour, fading to the ground.
 * @param {ChartInstance} chart
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
 * Beside its place, never over its name or number.
 * @param {ChartTable} table
 */
function tooltip(table) {
  const { ink, ground, face } = table.theme;
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
       * @this {{ chart: ChartInstance }}
       * @param {Array<{ dataIndex: number }>} items
       */
      title(items) {
        const point = table.points[items[0]?.dataIndex ?? -1];
        return point ? cut(heading(point), this.chart) : "";
      },
      /**
       * @this {{ chart: ChartInstance }}
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
 * @param {ChartInstance} chart
 */
function cut(text, { width }) {
  const letters = Array.from(text);
  const room = Math.max(12, Math.floor(width / 9) - 4);
  return letters.length > room ? `${letters.slice(0, room - 1).join("").trimEnd()}…` : text;
}

/**
 * Options of an axis of years ("1977") or months ("1977-03"): round years as many as stand apart from each other, else the first and the last.
 * @param {string[]} labels
 */
function yearAxis(labels) {
  /** @type {Map<number, string>} */
  let texts = new Map();
  return {
    afterBuildTicks: (/** @type {Scale} */ scale) => {
      texts = ticks(labels, scale.width / Math.max(1, labels.length - 1));
      scale.ticks = Array.from(texts.keys(), (value) => ({ value }));
    },
    text: (/** @type {number} */ value) => texts.get(value) ?? "",
  };
}

/**
 * The text at each labelled index.
 * @param {string[]} labels
 * @param {number} pixels from one label to the next
 */
function ticks(labels, pixels) {
  const years = beginnings(labels);
  const round = STEPS.map((step) => years.filter((index) => year(labels, index) % step === 0));
  const found = round.find((some) => some.length > 1 && standApart(some, pixels)) ?? thinned(years, pixels);
  if (found.length > 1) return new Map(found.map((index) => [index, String(year(labels, index))]));
  const last = labels.length - 1;
  const ends = last * pixels < ENDS_APART || last < 1 ? [0] : [0, last];
  return new Map(ends.map((index) => [index, named(labels[index] ?? "")]));
}

/**
 * Where a year begins: at its January, or at its first month that is there.
 * @param {string[]} labels
 */
function beginnings(labels) {
  return Array.from(labels.keys()).filter((index) => {
    if (index > 0) return year(labels, index) !== year(labels, index - 1);
    return /^\d+(-01)?$/.test(labels[index] ?? "");
  });
}

/**
 * @param {number[]} indices
 * @param {number} pixels
 */
function standApart(indices, pixels) {
  return indices.every((index, at) => at === 0 || (index - (indices[at - 1] ?? 0)) * pixels >= APART);
}

/**
 * Each that is far enough from the one kept before it.
 * @param {number[]} indices
 * @param {number} pixels
 */
function thinned(indices, pixels) {
  let end = -Infinity;
  return indices.filter((index) => {
    if ((index - end) * pixels < APART) return false;
    end = index;
    return true;
  });
}

/**
 * @param {string[]} labels
 * @param {number} index
 */
function year(labels, index) {
  return Number.parseInt(labels[index] ?? "", 10);
}

/** @param {string} label */
function named(label) {
  return label.includes("-") ? shortMonth.format(Date.parse(label)) : label;
}

/** Reads a figure's table, the one source of its drawing: labels, numbers, links, and the colours of its swatches. */

import { find } from "./dom.js";

/** @typedef {"doughnut" | "bar" | "line" | "stacked"} Kind */
/** @typedef {{ copies: number, href: string | null }} Part */
/** @typedef {{ label: string, href: string | null, percent: string | null, total: number, colour: string, parts: Part[], row: HTMLTableRowElement }} Point */
/** @typedef {{ label: string, colour: string }} Series */
/** @typedef {{ ink: string, ground: string, quiet: string, rule: string, face: string }} ThemeColours */
/** @typedef {{ kind: Kind, points: Point[], series: Series[], theme: ThemeColours }} ChartTable */

const number = new Intl.NumberFormat("en");
const month = new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" });

/**
 * @param {HTMLElement} figure
 * @returns {ChartTable}
 */
export function read(figure) {
  const kind = /** @type {Kind} */ (figure.dataset.kind);
  return {
    kind,
    points: Array.from(figure.querySelectorAll("tbody tr"), (row) => point(row, kind)),
    series: Array.from(figure.querySelectorAll("thead th + th"), (head) => ({
      label: head.textContent ?? "",
      colour: swatch(head),
    })),
    theme: themeOf(figure),
  };
}

/**
 * @param {Element} row
 * @param {Kind} kind
 * @returns {Point}
 */
function point(row, kind) {
  const head = find(row, "th", HTMLElement);
  const href = head.querySelector("a")?.href ?? null;
  const cells = Array.from(row.querySelectorAll("td"), (cell) => ({
    copies: Number((cell.textContent ?? "").replaceAll(",", "")),
    href: kind === "stacked" ? (cell.querySelector("a")?.href ?? null) : href,
  }));
  return {
    label: head.textContent ?? "",
    href,
    percent: row.getAttribute("data-percent"),
    total: Number(row.getAttribute("data-copies")),
    colour: swatch(head),
    parts: cells,
    row: /** @type {HTMLTableRowElement} */ (row),
  };
}

/** @param {Element} head */
function swatch(head) {
  return getComputedStyle(head, "::before").color;
}

/**
 * The colours and the typeface of the figure in the current theme.
 * @param {HTMLElement} figure
 * @returns {ThemeColours}
 */
function themeOf(figure) {
  const style = getComputedStyle(figure);
  return {
    ink: style.color,
    ground: getComputedStyle(document.documentElement).backgroundColor,
    quiet: getComputedStyle(find(figure, "figcaption p", HTMLElement)).color,
    rule: getComputedStyle(find(figure, "td", HTMLElement)).borderBlockEndColor,
    face: style.fontFamily,
  };
}

/**
 * The label of a row; a month by its name.
 * @param {Point} point
 */
export function heading({ label }) {
  return /^\d{4}-\d\d$/.test(label) ? month.format(Date.parse(label)) : label;
}

/**
 * The amount at a place: "726 records · 48%", "Vinyl: 120 records", "300 records in all".
 * @param {ChartTable} table
 * @param {Place} place
 */
export function amount({ kind, points, series }, { datasetIndex, index }) {
  const { parts, percent } = /** @type {Point} */ (points[index]);
  const { label } = /** @type {Series} */ (series[datasetIndex]);
  const copies = parts[datasetIndex]?.copies ?? 0;
  if (kind === "stacked") return `${label}: ${counted(copies, "records")}`;
  return counted(copies, label.toLowerCase()) + (percent === null ? "" : ` · ${percent}%`);
}

/** @param {Point} point */
export function total({ total: copies, percent }) {
  return number.format(copies) + (percent === null ? "" : ` · ${percent}%`);
}

/**
 * @param {number} copies
 * @param {string} records
 */
function counted(copies, records) {
  return `${number.format(copies)} ${copies === 1 ? records.replace("records", "record") : records}`;
}

/** The lines of the list: the same markup as the template macro `row`, kept as long as their copy is shown. */

import { element } from "../dom.js";
import { day } from "../model/wording.js";
import { coverElement } from "./cover.js";

/** @import { Row } from "../model/catalog.js" */

/**
 * Puts rows into the list. A copy that was there keeps its element, and with it focus and picture.
 * @param {HTMLElement} list
 * @param {Row[]} rows
 */
export function showRows(list, rows) {
  const kept = new Map([...list.children].map((item) => [item.getAttribute("data-instance"), item]));
  const wanted = rows.map((row) => kept.get(row.instance) ?? rowElement(row));
  const staying = new Set(wanted);
  for (const item of kept.values()) if (!staying.has(item)) item.remove();
  wanted.forEach((item, place) => {
    const there = list.children[place];
    if (there !== item) list.insertBefore(item, there ?? null);
  });
  list.hidden = rows.length === 0;
}

/** @param {Row} row */
function rowElement(row) {
  const added = day(row.day);
  const { title, credit, hue, thumb } = row;
  return element(
    "li",
    { class: "row", "data-instance": row.instance },
    coverElement({ title, credit, hue, src: thumb }, "thumb"),
    part("row-name", line("row-title", element("a", { href: row.url }, plain(title))), line("row-credit", plain(credit))),
    part("row-facts", line("row-format", ...row.formats.map((format) => plain(format))), line("row-label", ...labelled(row))),
    part("row-dates", yearLine(row), line("row-added", "Added ", element("time", { datetime: added.iso }, added.words))),
  );
}

/**
 * @param {string} name
 * @param {...Node} children
 */
function part(name, ...children) {
  return element("div", { class: name }, ...children);
}

/**
 * @param {string} name
 * @param {...(Node | string)} children
 */
function line(name, ...children) {
  return element("p", { class: name }, ...children);
}

/**
 * Text of a collection, isolated: what runs from right to left must not turn its neighbours.
 * @param {string} text
 * @param {string} [name]
 */
function plain(text, name) {
  return element("bdi", { class: name }, text);
}

/** @param {Row} row */
function yearLine({ year, pressing }) {
  const text = year === null ? "Year unknown" : String(year);
  return line("row-year", text, ...(pressing === null ? [] : [element("span", { class: "row-pressing" }, `pressed ${pressing}`)]));
}

/** @param {Row} row */
function labelled({ label }) {
  if (label === null) return [];
  return label.number === null ? [plain(label.name)] : [plain(label.name), plain(label.number, "row-number")];
}

/** The catalogue on paper: every record of the result, in the page only while it is printed. */

import { element, find } from "./dom.js";
import { rowAt } from "../model/catalog.js";
import { constraints } from "../model/query.js";
import { asked, extent, grouped } from "../model/wording.js";
import { accountName } from "./account-name.js";

/** @import { Catalog } from "../model/catalog.js" */
/** @import { Shelf } from "./list.js" */

const MOST = 20_000;

/**
 * @param {HTMLElement} list
 * @param {Shelf} shelf
 */
export function mountPrinting(list, shelf) {
  /** @type {HTMLElement | undefined} */
  let catalogue;
  addEventListener("beforeprint", () => {
    catalogue?.remove();
    catalogue = catalogueOf(list, shelf);
    find(document, "main", HTMLElement).append(catalogue);
  });
  addEventListener("afterprint", () => catalogue?.remove());
}

/**
 * @param {HTMLElement} list
 * @param {Shelf} shelf
 */
function catalogueOf(list, { catalog, current, order }) {
  const rows = order();
  const { query } = current();
  const narrowed = constraints(query).map((constraint) => asked(constraint, catalog.facets));
  const sorted = find(list, "select", HTMLSelectElement).selectedOptions[0]?.text ?? "";
  const read = find(document, ".freshness time", HTMLTimeElement);
  const cut = rows.length > MOST ? ` The first ${grouped(MOST)} are printed.` : "";
  const told = `${extent(rows.length, catalog.copies, 0)}. Order: ${sorted}. Read from Discogs: ${read.title}.${cut}`;
  return element(
    "section",
    { class: "catalogue" },
    element("h2", {}, "Records of ", plain("catalogue-account", accountName())),
    ...narrowed.map((words) => element("p", {}, plain("", words))),
    element("p", {}, told),
    element("ol", { role: "list" }, ...Array.from(rows.slice(0, MOST), (row) => line(catalog, row))),
  );
}

/**
 * @param {Catalog} catalog
 * @param {number} index
 */
function line(catalog, index) {
  const { credit, title, formats, labels, year } = rowAt(catalog, index);
  const facts = [
    formats.join(" + "),
    ...labels.slice(0, 1).map(({ name, number }) => (number === null ? name : `${name} ${number}`)),
    year === null ? "year unknown" : String(year),
  ];
  const parts = facts.filter(Boolean).flatMap((fact, place) => [place === 0 ? "" : " · ", plain("", fact)]);
  return element(
    "li",
    {},
    plain("catalogue-credit", credit),
    " ",
    plain("catalogue-title", title),
    element("span", { class: "catalogue-facts" }, ...parts),
  );
}

/**
 * @param {string} name
 * @param {string} text
 */
function plain(name, text) {
  return element("bdi", { class: name || null }, text);
}

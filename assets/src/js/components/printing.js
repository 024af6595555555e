/** The printed catalogue of a result. */

import { rowAt } from "../model/catalog.js";
import { constraintText, extent, grouped } from "../model/formatting.js";
import { constraints } from "../model/query.js";
import { element, find, joined } from "./dom.js";

/** @import { Catalog } from "../model/catalog.js" */
/** @import { ListContext } from "../list.js" */

/**
 * Puts every record of the result into the page while it is printed.
 * @param {HTMLElement} list
 * @param {ListContext} context
 */
export function mountPrinting(list, context) {
  /** @type {HTMLElement | undefined} */
  let catalogue;
  addEventListener("beforeprint", () => {
    catalogue?.remove();
    catalogue = catalogueOf(list, context);
    const main = find(document, "main", HTMLElement);
    main.append(catalogue);
    main.dataset.printed = "";
  });
  addEventListener("afterprint", () => catalogue?.remove());
}

/**
 * @param {HTMLElement} list
 * @param {ListContext} context
 */
function catalogueOf(list, { account, catalog, settings, current, order }) {
  const rows = order();
  const printed = rows.slice(0, settings.printed);
  const narrowed = constraints(current().query).map((constraint) => constraintText(constraint, catalog.facet));
  const sort = find(list, "#sort", HTMLSelectElement).selectedOptions[0]?.text ?? "";
  const synced = find(document, ".freshness time", HTMLTimeElement).title;
  const cut = rows.length > printed.length ? ` The first ${grouped(printed.length)} are printed.` : "";
  return element(
    "section",
    { class: "catalogue" },
    element("h2", {}, "Records of ", element("bdi", {}, account)),
    ...narrowed.map((text) => element("p", {}, element("bdi", {}, text))),
    element("p", {}, `${extent(rows.length, catalog.copies, 0)}. Sorted by: ${sort}. Synced: ${synced}.${cut}`),
    element("ol", { role: "list" }, ...Array.from(printed, (row) => line(catalog, row))),
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
  return element(
    "li",
    {},
    element("bdi", { class: "catalogue-credit" }, credit),
    " ",
    element("bdi", {}, title),
    element("span", { class: "catalogue-facts" }, ...joined(facts.filter(Boolean))),
  );
}

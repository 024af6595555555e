/** Sharing a result: its link, its records as CSV and JSON, its catalogue on paper. */

import { rowAt } from "../model/catalog.js";
import { csvOf, jsonOf } from "../model/export.js";
import { constraintText, extent, grouped, records } from "../model/formatting.js";
import { address, changed, constraints } from "../model/query.js";
import { button, element, find } from "./dom.js";

/** @import { Catalog } from "../model/catalog.js" */
/** @import { ListContext } from "../list.js" */

/** Milliseconds in which the browser takes the file. */
const KEPT = 60_000;

/**
 * @param {HTMLElement} list
 * @param {ListContext} context
 */
export function mountShare(list, context) {
  const message = element("span", { class: "quiet", "aria-live": "polite" });
  const place = find(list, '[data-part="share"]', HTMLElement);
  place.append(
    ...copyLink(() => location.origin + location.pathname + context.search()),
    ...("noFiles" in place.dataset ? [] : [button("CSV", () => save("CSV")), button("JSON", () => save("JSON"))]),
    button("Print", () => window.print()),
    message,
  );
  find(list, ".share-open", HTMLButtonElement).disabled = false;
  mountPrinting(list, context);

  /** @param {"CSV" | "JSON"} format */
  async function save(format) {
    message.textContent = "";
    message.textContent = await saved(format, context).catch(() => "The file could not be fetched. Try again.");
  }
}

/**
 * A button that copies a link, where the browser can, and the place of its message.
 * @param {() => string} link
 * @returns {HTMLElement[]}
 */
export function copyLink(link) {
  if (!("clipboard" in navigator)) return [];
  const message = element("span", { class: "quiet", "aria-live": "polite" });
  const copy = async () => {
    message.textContent = "";
    message.textContent = await navigator.clipboard.writeText(link()).then(
      () => "Copied",
      () => "The browser does not allow copying. The link is in the address bar.",
    );
  };
  return [button("Copy link", copy), message];
}

/**
 * Saves the records of the result, cut out of the published file.
 * @param {"CSV" | "JSON"} format
 * @param {ListContext} context
 * @returns {Promise<string>} the message about it
 */
async function saved(format, { catalog, current, order }) {
  const wanted = { rows: order(), instances: catalog.instances, query: address(changed(current().query, {})) };
  const [ending, type, cut] = format === "CSV" ? ["csv", "text/csv", csvOf] : ["json", "application/json", jsonOf];
  const response = await fetch(`../releases.${ending}`);
  if (!response.ok) throw new Error(`releases.${ending}: ${response.status}`);
  const text = cut(await response.text(), wanted);
  if (text === null) return "The collection has been updated since you opened this page. Reload it and try again.";
  const file = URL.createObjectURL(new Blob([text], { type }));
  element("a", { href: file, download: `${accountName()}-records.${ending}` }).click();
  setTimeout(() => URL.revokeObjectURL(file), KEPT);
  return `${format} of ${records(wanted.rows.length)}`;
}

/** The account's name, as the trail at the top of the page shows it. */
function accountName() {
  return find(document, ".trail li:nth-child(2)", HTMLElement).textContent ?? "";
}

/**
 * The printed catalogue: every record of the result, in the page only while it is printed.
 * @param {HTMLElement} list
 * @param {ListContext} context
 */
function mountPrinting(list, context) {
  /** @type {HTMLElement | undefined} */
  let catalogue;
  addEventListener("beforeprint", () => {
    catalogue?.remove();
    catalogue = catalogueOf(list, context);
    find(document, "main", HTMLElement).append(catalogue);
  });
  addEventListener("afterprint", () => catalogue?.remove());
}

/**
 * @param {HTMLElement} list
 * @param {ListContext} context
 */
function catalogueOf(list, { catalog, settings, current, order }) {
  const rows = order();
  const printed = rows.slice(0, settings.printed);
  const narrowed = constraints(current().query).map((constraint) => constraintText(constraint, catalog.facet));
  const sort = find(list, "#sort", HTMLSelectElement).selectedOptions[0]?.text ?? "";
  const synced = find(document, ".freshness time", HTMLTimeElement).title;
  const cut = rows.length > printed.length ? ` The first ${grouped(printed.length)} are printed.` : "";
  return element(
    "section",
    { class: "catalogue" },
    element("h2", {}, "Records of ", element("bdi", {}, accountName())),
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

/**
 * Texts with dots between them. Each is isolated: text that runs from right to left must not turn its neighbours.
 * @param {readonly string[]} texts
 */
export function joined(texts) {
  return texts.flatMap((text, place) => [place === 0 ? "" : " · ", element("bdi", {}, text)]);
}

/** The menu that shares a result: its link, its records as CSV and JSON, its catalogue on paper. Loaded when it is opened. */

import { csvOf, jsonOf } from "./model/export.js";
import { records } from "./model/formatting.js";
import { address, changed } from "./model/query.js";
import { copyLink } from "./components/copy-link.js";
import { button, element, find } from "./components/dom.js";

/** @import { ListContext } from "./list.js" */

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

  /** @param {"CSV" | "JSON"} format */
  async function save(format) {
    message.textContent = "";
    message.textContent = await saved(format, context).catch(() => "The file could not be fetched. Try again.");
  }
}

/**
 * Saves the records of the result, cut out of the published file.
 * @param {"CSV" | "JSON"} format
 * @param {ListContext} context
 * @returns {Promise<string>} the message about it
 */
async function saved(format, { account, catalog, current, order }) {
  const wanted = { rows: order(), instances: catalog.instances, query: address(changed(current().query, {})) };
  const [ending, type, cut] = format === "CSV" ? ["csv", "text/csv", csvOf] : ["json", "application/json", jsonOf];
  const response = await fetch(`../releases.${ending}`);
  if (!response.ok) throw new Error(`releases.${ending}: ${response.status}`);
  const text = cut(await response.text(), wanted);
  if (text === null) return "The collection has been updated since you opened this page. Reload it and try again.";
  const file = URL.createObjectURL(new Blob([text], { type }));
  element("a", { href: file, download: `${account}-records.${ending}` }).click();
  setTimeout(() => URL.revokeObjectURL(file), KEPT);
  return `${format} of ${records(wanted.rows.length)}`;
}

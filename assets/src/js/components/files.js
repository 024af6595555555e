/** The result as a file. */

import { element } from "./dom.js";
import { csvOf, jsonOf } from "../model/downloads.js";
import { address, changed } from "../model/query.js";
import { records } from "../model/wording.js";
import { accountName } from "./account-name.js";

/** @import { Shelf } from "./list.js" */

/** Long enough for the browser to have taken the file. */
const KEPT = 60_000;

/**
 * Saves the records of the result, cut out of the published file.
 * @param {"CSV" | "JSON"} name
 * @param {Shelf} shelf
 * @returns {Promise<string>} what became of it, in words
 */
export async function saved(name, { catalog, current, order }) {
  const wanted = { rows: order(), instances: catalog.instances, query: address(changed(current().query, {})) };
  const [ending, type, cut] = name === "CSV" ? ["csv", "text/csv", csvOf] : ["json", "application/json", jsonOf];
  const answer = await fetch(`../releases.${ending}`);
  if (!answer.ok) throw new Error(`releases.${ending}: ${answer.status}`);
  const text = cut(await answer.text(), wanted);
  if (text === null) return "The collection has been read anew meanwhile. Reload the page and try again.";
  const file = URL.createObjectURL(new Blob([text], { type }));
  element("a", { href: file, download: `${accountName()}-records.${ending}` }).click();
  setTimeout(() => URL.revokeObjectURL(file), KEPT);
  return `${name} of ${records(wanted.rows.length)}`;
}

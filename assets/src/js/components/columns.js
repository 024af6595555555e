/** Where the list's columns come from: the page itself, for large collections the file it names. */

import { element, find } from "./dom.js";

/** @import { Columns } from "../model/catalog.js" */

/**
 * @param {HTMLElement} list
 * @returns {Promise<Columns>}
 */
export async function columnsFor(list) {
  const embedded = JSON.parse(find(document, "#collection", HTMLScriptElement).text);
  if (embedded.columns === undefined) return embedded;
  return { ...embedded, ...(await fetched(embedded.columns, find(list, '[data-part="empty"]', HTMLElement))) };
}

/**
 * A file beside the page. What its name says of its content never changes.
 * @param {string} name
 * @returns {Promise<any>}
 */
export async function fetchJson(name) {
  const answer = await fetch(name);
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.json();
}

/**
 * The file, however often it takes: a failure is said, and tried again when somebody asks.
 * @param {string} name
 * @param {HTMLElement} place
 * @returns {Promise<object>}
 */
async function fetched(name, place) {
  try {
    return await fetchJson(name);
  } catch {
    const again = element("button", { class: "button", type: "button" }, "Try again");
    const sentence = "The whole list could not be fetched: these are only the newest records. ";
    place.replaceChildren(element("p", { role: "alert" }, sentence, again));
    place.hidden = false;
    await new Promise((resolve) => again.addEventListener("click", resolve, { once: true }));
    place.hidden = true;
    place.replaceChildren();
    return fetched(name, place);
  }
}

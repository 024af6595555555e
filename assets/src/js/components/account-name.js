/** Whose records these are. */

import { find } from "./dom.js";

/** The account's name, as the trail at the top of the page shows it. */
export function accountName() {
  return find(document, ".trail li:nth-child(2)", HTMLElement).textContent ?? "";
}

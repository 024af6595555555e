/** Chips: what narrows the result, each removable; and, when nothing is left, the way out. */

import { element } from "./dom.js";
import { emptiness, records } from "../model/wording.js";

/** @import { Constraint, Query } from "../model/query.js" */

/** @typedef {{ constraint: Constraint, left: number }} Remedy what would be shown without a constraint */
/** @typedef {(constraint: Constraint) => string} Wording */
/** @typedef {(query: Query) => void} Ask */

/**
 * Shows a chip for each facet value that was chosen.
 * @param {HTMLElement} list
 * @param {Constraint[]} constraints
 * @param {Wording} wording
 * @param {Ask} ask
 */
export function showChips(list, constraints, wording, ask) {
  const focused = [...list.children].findIndex((item) => item.contains(document.activeElement));
  const chips = constraints
    .filter(({ kind }) => kind !== "search")
    .map((constraint) => chip(wording(constraint), `Remove ${wording(constraint)}`, () => ask(constraint.without)));
  list.replaceChildren(...chips.map((each) => element("li", {}, each)));
  list.hidden = chips.length === 0;
  if (focused >= 0) chips[Math.min(focused, chips.length - 1)]?.focus();
}

/**
 * Says why nothing is shown, and offers what to remove with how much that would show.
 * @param {HTMLElement} place
 * @param {number} copies
 * @param {Remedy[]} remedies
 * @param {Wording} wording
 * @param {Ask} ask
 */
export function showEmptiness(place, copies, remedies, wording, ask) {
  const helpful = remedies.filter(({ left }) => left > 0);
  const offered = helpful.length > 0 ? helpful : remedies;
  const chips = offered.map(({ constraint, left }) => {
    const text = `Remove ${wording(constraint)}${left > 0 ? ` (${records(left)})` : ""}`;
    return element("li", {}, chip(text, text, () => ask(constraint.without)));
  });
  place.replaceChildren(element("p", {}, emptiness(copies, remedies.length, helpful.length)));
  if (chips.length > 0) place.append(element("ul", { class: "chips", role: "list" }, ...chips));
}

/**
 * @param {string} text
 * @param {string} name
 * @param {() => void} remove
 */
function chip(text, name, remove) {
  const made = element("button", { class: "chip", type: "button", "aria-label": name }, element("bdi", {}, text));
  made.addEventListener("click", remove);
  return made;
}

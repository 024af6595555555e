/** The facets: a group of values for each, to include or to exclude, with live numbers. */

import { element, find } from "../dom.js";
import { at } from "../model/columns.js";
import { grouped } from "../model/wording.js";

/** @import { Facet } from "../model/catalog.js" */
/** @import { Choice, FacetName, Query, Side } from "../model/query.js" */
/** @import { Selection } from "../model/selection.js" */

/** @typedef {(facet: FacetName, value: string, side: Side) => void} Toggle */
/** @typedef {(choice: Choice, counts: Uint32Array) => void} ShowFacet */

/**
 * @typedef {object} Item a value's line
 * @property {HTMLLIElement} line
 * @property {HTMLButtonElement} include
 * @property {HTMLButtonElement} exclude
 * @property {HTMLElement} count
 */

const SHORT = 8;

/**
 * Makes the groups answer.
 * @param {HTMLElement} place
 * @param {Facet[]} facets
 * @param {Toggle} toggle
 * @returns {(query: Query, selection: Selection) => void} shows a query and its numbers
 */
export function mountFacets(place, facets, toggle) {
  const shown = facets
    .filter((facet) => facet.values.length > 0)
    .map((facet) => {
      const group = find(place, `[data-facet="${facet.name}"]`, HTMLElement);
      return { name: facet.name, show: mountFacet(group, facet, toggle) };
    });
  return (query, { counts }) => {
    for (const { name, show } of shown) show(query.choices[name], counts.get(name) ?? new Uint32Array());
  };
}

/**
 * @param {HTMLElement} group
 * @param {Facet} facet
 * @param {Toggle} toggle
 * @returns {ShowFacet}
 */
function mountFacet(group, facet, toggle) {
  const list = find(group, ".facet-values", HTMLElement);
  const more = group.querySelector("button.facet-more");
  /** @type {(Item | undefined)[]} */
  const items = [];
  /** @type {Choice} */
  let choice = { included: [], excluded: [] };
  /** @type {Uint32Array} */
  let counts = new Uint32Array(facet.values.length);
  let whole = false;
  list.replaceChildren();

  /** @param {number} place */
  const item = (place) => (items[place] ??= inserted(list, items, place, itemFor(facet, at(facet.values, place), toggle)));

  const update = () => {
    const chosen = new Set([...choice.included, ...choice.excluded].map((value) => facet.places.get(value)));
    facet.values.forEach((_, place) => {
      const wanted = whole || place < SHORT || chosen.has(place);
      if (!wanted && items[place] === undefined) return;
      showItem(item(place), wanted, at(facet.values, place), choice, at(counts, place));
    });
  };

  if (more instanceof HTMLButtonElement) {
    more.disabled = false;
    more.setAttribute("aria-expanded", "false");
    more.addEventListener("click", () => {
      whole = !whole;
      more.textContent = whole ? "Show fewer" : `Show all ${grouped(facet.values.length)}`;
      more.setAttribute("aria-expanded", String(whole));
      update();
    });
  }
  return (nextChoice, nextCounts) => {
    [choice, counts] = [nextChoice, nextCounts];
    update();
  };
}

/**
 * @param {Facet} facet
 * @param {string} value
 * @param {Toggle} toggle
 * @returns {Item}
 */
function itemFor({ name }, value, toggle) {
  const count = element("span", { class: "facet-count" });
  const include = element("button", { class: "facet-include", type: "button" }, element("bdi", {}, value), count);
  const exclude = element("button", { class: "facet-exclude", type: "button", "aria-label": `Exclude ${value}` });
  include.addEventListener("click", () => toggle(name, value, "included"));
  exclude.addEventListener("click", () => toggle(name, value, "excluded"));
  return { line: element("li", { class: "facet-value" }, include, exclude), include, exclude, count };
}

/**
 * Puts a new line where its value belongs among those that are there.
 * @param {HTMLElement} list
 * @param {(Item | undefined)[]} items
 * @param {number} place
 * @param {Item} made
 */
function inserted(list, items, place, made) {
  const next = items.find((item, other) => other > place && item !== undefined);
  list.insertBefore(made.line, next?.line ?? null);
  return made;
}

/**
 * Writes only what changed: a facet of hundreds of values costs next to nothing a keystroke.
 * @param {Item} item
 * @param {boolean} wanted
 * @param {string} value
 * @param {Choice} choice
 * @param {number} number
 */
function showItem({ line, include, exclude, count }, wanted, value, choice, number) {
  const text = grouped(number);
  if (line.hidden === wanted) line.hidden = !wanted;
  if (count.textContent !== text) count.textContent = text;
  line.toggleAttribute("data-none", number === 0);
  press(include, choice.included.includes(value));
  press(exclude, choice.excluded.includes(value));
}

/**
 * @param {HTMLButtonElement} button
 * @param {boolean} pressed
 */
function press(button, pressed) {
  const state = String(pressed);
  if (button.getAttribute("aria-pressed") !== state) button.setAttribute("aria-pressed", state);
}

/** The jump list: the months, letters or years of the result, each with the page where it begins. */

import { rowAt } from "../model/catalog.js";
import { element, find } from "./dom.js";
import { groupOf } from "./rows.js";

/** @import { Catalog } from "../model/catalog.js" */

/**
 * Filled when somebody comes to it: most visitors never do.
 * @param {HTMLElement} list
 * @param {Catalog} catalog
 * @param {() => { order: Uint32Array, sort: string }} result
 * @param {(place: number) => void} go to a place in the result, from 0
 */
export function mountJump(list, catalog, result, go) {
  const select = find(list, '[data-part="jump"]', HTMLSelectElement);
  /** @type {number[]} */
  let places = [];
  select.disabled = false;
  for (const sign of ["pointerdown", "focus"]) select.addEventListener(sign, fill);
  select.addEventListener("change", () => {
    const place = places[select.selectedIndex - 1];
    select.selectedIndex = 0;
    if (place !== undefined) go(place);
  });

  function fill() {
    const { order, sort } = result();
    const found = beginnings(order, catalog, sort);
    places = found.map(([, place]) => place);
    select.length = 1;
    select.append(...found.map(([name]) => element("option", {}, name)));
  }
}

/**
 * Where the groups of a sort begin.
 * @param {Iterable<number>} rows in their order
 * @param {Catalog} catalog
 * @param {string} sort
 * @returns {[name: string, place: number][]} places count from 0
 */
export function beginnings(rows, catalog, sort) {
  /** @type {[string, number][]} */
  const found = [];
  let place = 0;
  for (const row of rows) {
    const group = groupOf(rowAt(catalog, row), sort);
    if (group !== found.at(-1)?.[0]) found.push([group, place]);
    place += 1;
  }
  return found;
}

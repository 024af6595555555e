/** The orders of the list. Every key is a small whole number, so a sort is a few counting passes. */

import { add, at } from "./columns.js";

/** @import { Catalog } from "./catalog.js" */
/** @import { Sort } from "./query.js" */

/** @typedef {{ rank: ArrayLike<number>, top: number }} Key each row's rank, and the greatest of them */

/**
 * Rows in every order that has been asked for; each order is made once.
 * @param {Catalog} catalog
 * @returns {(sort: Sort) => Uint32Array}
 */
export function ordersOf(catalog) {
  /** @type {Map<Sort, Uint32Array>} */
  const made = new Map();
  return (sort) => {
    const order = made.get(sort) ?? ordered(catalog, sort);
    made.set(sort, order);
    return order;
  };
}

/**
 * @param {Catalog} catalog
 * @param {Sort} sort
 * @returns {Uint32Array}
 */
function ordered(catalog, sort) {
  const newest = Uint32Array.from({ length: catalog.copies }, (_, row) => row);
  if (sort === "added") return newest;
  if (sort === "added-asc") return newest.reverse();
  return keysOf(catalog, sort).reduceRight(sortedBy, newest.sort(byInstance(catalog)));
}

/**
 * The keys of a sort, the first one first. Ties that are left stay in order of instance id.
 * @param {Catalog} catalog
 * @param {Exclude<Sort, "added" | "added-asc">} sort
 * @returns {Key[]}
 */
function keysOf(catalog, sort) {
  const artist = key(catalog.artistRanks);
  const title = key(catalog.titleRanks);
  const year = yearKey(catalog.years, (known) => known);
  switch (sort) {
    case "artist":
      return [artist, year, title];
    case "artist-desc":
      return [reversed(artist), year, title];
    case "title":
      return [title, artist];
    case "year":
      return [year, artist, title];
    case "year-desc":
      return [yearKey(catalog.years, (known) => LATEST - known), artist, title];
  }
}

/** Later than any year a column of 16 bits can hold, so that unknown years come last. */
const LATEST = 2 ** 16;

/**
 * @param {Uint16Array} years 0 for unknown
 * @param {(known: number) => number} rank
 * @returns {Key}
 */
function yearKey(years, rank) {
  return { rank: Uint32Array.from(years, (year) => (year === 0 ? LATEST : rank(year))), top: LATEST };
}

/**
 * @param {Uint32Array} rank
 * @returns {Key}
 */
function key(rank) {
  return { rank, top: rank.reduce((top, each) => Math.max(top, each), 0) };
}

/**
 * @param {Key} key
 * @returns {Key}
 */
function reversed({ rank, top }) {
  return { rank: Uint32Array.from(rank, (each) => top - each), top };
}

/**
 * A stable counting sort.
 * @param {Uint32Array} order
 * @param {Key} key
 * @returns {Uint32Array}
 */
function sortedBy(order, { rank, top }) {
  const starts = new Uint32Array(top + 2);
  for (const row of order) add(starts, at(rank, row) + 1, 1);
  for (let each = 1; each < starts.length; each++) add(starts, each, at(starts, each - 1));
  const found = new Uint32Array(order.length);
  for (const row of order) {
    found[at(starts, at(rank, row))] = row;
    add(starts, at(rank, row), 1);
  }
  return found;
}

/**
 * Instance ids may be too large for a number: as text the longer is the larger.
 * @param {Catalog} catalog
 * @returns {(one: number, other: number) => number}
 */
function byInstance({ instances }) {
  return (one, other) => {
    const [first, second] = [at(instances, one), at(instances, other)];
    return first.length - second.length || (first < second ? -1 : 1);
  };
}

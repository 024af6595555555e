/** The orders of the list. Every key is a small whole number, so a sort is a few counting passes. */

import { at } from "./columns.js";

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
  return keysOf(catalog, sort).reduceRight(sortedBy, byInstance(catalog, newest.reverse()));
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

/** Later than any year, so that unknown years come last. */
const LATEST = 2 ** 16;

/**
 * @param {Uint32Array} years 0 for unknown
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
  const next = new Uint32Array(top + 2);
  for (let place = 0; place < order.length; place++) {
    const after = (rank[order[place] ?? 0] ?? 0) + 1;
    next[after] = (next[after] ?? 0) + 1;
  }
  for (let each = 1; each < next.length; each++) next[each] = (next[each] ?? 0) + (next[each - 1] ?? 0);
  const found = new Uint32Array(order.length);
  for (let place = 0; place < order.length; place++) {
    const row = order[place] ?? 0;
    const key = rank[row] ?? 0;
    const free = next[key] ?? 0;
    found[free] = row;
    next[key] = free + 1;
  }
  return found;
}

/**
 * Rows by instance id. Mostly ids rise with time, and then the oldest first are in order already.
 * Ids may be too large for a number: as text the longer is the larger.
 * @param {Catalog} catalog
 * @param {Uint32Array} oldest
 */
function byInstance({ ids }, oldest) {
  /**
   * @param {number} one
   * @param {number} other
   */
  function difference(one, other) {
    const [first, second] = [at(ids, one), at(ids, other)];
    if (typeof first === "number" && typeof second === "number") return first - second;
    const [text, otherText] = [String(first), String(second)];
    return text.length - otherText.length || (text < otherText ? -1 : 1);
  }
  const sorted = oldest.every((row, place) => place === 0 || difference(at(oldest, place - 1), row) < 0);
  return sorted ? oldest : oldest.sort(difference);
}

/** Results: the rows a query chooses, their number for each facet value, their order, and the page that is shown. */

import { at } from "./catalog.js";
import { NOTHING } from "./query.js";
import { searchOver } from "./search.js";

/** @import { Catalog, Facet } from "./catalog.js" */
/** @import { Choice, FacetName, Query, Settings } from "./query.js" */

/** The view that shows the whole result. */
export const WALL = "wall";

/** @typedef {{ page: number, pages: number, rows: number[] }} Page */

/**
 * @typedef {object} Selection
 * @property {Uint8Array} chosen 1 for each row that matches
 * @property {number} total how many match
 * @property {Map<FacetName, Uint32Array>} counts the number beside each value of each facet
 */

/** @typedef {Selection & Page & { order: Uint32Array }} Result `order` holds every row in the query's sort */

/**
 * @param {Catalog} catalog
 * @param {Settings} settings
 * @returns {((query: Query) => Result) & { prepare: () => boolean }} `prepare` is that of the search
 */
export function resultsOver(catalog, settings) {
  const search = searchOver(catalog);
  /** @type {Map<string, Uint32Array>} */
  const orders = new Map();
  /** @param {string} sort */
  function orderOf(sort) {
    const order = orders.get(sort) ?? ordered(catalog, settings.sorts[sort] ?? []);
    orders.set(sort, order);
    return order;
  }
  /** @param {Query} query */
  function results(query) {
    const found = selection(catalog, query.choices, search(query.search));
    const order = orderOf(query.sort);
    return { ...found, ...pageOf(order, found, query.page, query.view === WALL ? Infinity : settings.page_size), order };
  }
  return Object.assign(results, { prepare: search.prepare });
}

/** A set of values passes, lacks all included values, or can never pass: it holds an excluded value or lacks a required one. */
const PASSES = 0;
const LACKS = 1;
const EXCLUDED = 2;

/** The obstacles of a row: none, one facet's included values (that facet's number, from 1), or more than one choice. */
const NONE = 0;
const SEVERAL = 255;

/**
 * The rows that pass every facet and the search. A value's number is the size of the result if
 * its facet had just that one value included and all else stayed.
 * @param {Catalog} catalog
 * @param {Query["choices"]} choices
 * @param {Uint8Array | null} searched
 * @returns {Selection}
 */
export function selection({ copies, facets, facet }, choices, searched) {
  const obstacles = new Uint8Array(copies);
  if (searched !== null) for (let row = 0; row < copies; row++) if (searched[row] === 0) obstacles[row] = SEVERAL;
  facets.forEach((each, place) => addObstacles(obstacles, each, choiceOf(choices, each), place + 1));
  for (const [name, choice] of Object.entries(choices)) {
    if (!isEmpty(choice) && !facets.some((each) => each.name === name)) addObstacles(obstacles, facet(name), choice, SEVERAL);
  }
  const chosen = new Uint8Array(copies);
  let total = 0;
  for (let row = 0; row < copies; row++) {
    const found = obstacles[row] === NONE ? 1 : 0;
    chosen[row] = found;
    total += found;
  }
  const counts = new Map(
    facets.map((facet, each) => [facet.name, perValue(facet, tally(facet, obstacles, each + 1), choiceOf(choices, facet))]),
  );
  return { chosen, total, counts };
}

/**
 * @param {Query["choices"]} choices
 * @param {Facet} facet
 * @returns {Choice}
 */
function choiceOf(choices, { name }) {
  return choices[name] ?? NOTHING;
}

/** @param {Choice} choice */
function isEmpty({ included, excluded, required }) {
  return included.length + excluded.length + required.length === 0;
}

/**
 * @param {Uint8Array} obstacles
 * @param {Facet} facet
 * @param {Choice} choice
 * @param {number} own
 */
function addObstacles(obstacles, facet, choice, own) {
  if (isEmpty(choice)) return;
  const verdicts = verdict(facet, choice);
  const { rows } = facet;
  for (let row = 0; row < obstacles.length; row++) {
    const found = verdicts[rows[row] ?? 0];
    if (found !== PASSES) obstacles[row] = found === EXCLUDED || obstacles[row] !== NONE ? SEVERAL : own;
  }
}

/**
 * The verdict of a choice on each distinct set of values. A value that does not occur is in no set.
 * @param {Facet} facet
 * @param {Choice} choice
 */
function verdict({ places, sets }, { included, excluded, required }) {
  const wanted = new Set(included.map((value) => places.get(value)));
  const unwanted = new Set(excluded.map((value) => places.get(value)));
  const needed = [...new Set(required.map((value) => places.get(value) ?? -1))];
  return Uint8Array.from(sets, (set) => {
    if (set.some((place) => unwanted.has(place)) || !needed.every((place) => set.includes(place))) return EXCLUDED;
    return wanted.size === 0 || set.some((place) => wanted.has(place)) ? PASSES : LACKS;
  });
}

/**
 * How many rows of each set have no obstacle but this facet's own.
 * @param {Facet} facet
 * @param {Uint8Array} obstacles
 * @param {number} own
 */
function tally({ sets, rows }, obstacles, own) {
  const counts = new Uint32Array(sets.length);
  for (let row = 0; row < rows.length; row++) {
    const obstacle = obstacles[row];
    if (obstacle !== NONE && obstacle !== own) continue;
    const set = rows[row] ?? 0;
    counts[set] = (counts[set] ?? 0) + 1;
  }
  return counts;
}

/**
 * Numbers of sets into numbers of values. An excluded value is in no result.
 * @param {Facet} facet
 * @param {Uint32Array} tallied
 * @param {Choice} choice
 */
function perValue({ places, sets, values }, tallied, { excluded }) {
  const counts = new Uint32Array(values.length);
  sets.forEach((set, code) => {
    for (const place of set) counts[place] = at(counts, place) + at(tallied, code);
  });
  for (const value of excluded) {
    const place = places.get(value);
    if (place !== undefined) counts[place] = 0;
  }
  return counts;
}

/**
 * Every row in order of some keys, the first one first. Each key is a small whole number, so a sort
 * is a few counting passes; rows that tie in all keys stand in order of their instance id.
 * @param {Catalog} catalog
 * @param {readonly string[]} keys "added", "artist", "title" or "year", with a "-" in front reversed
 * @returns {Uint32Array}
 */
export function ordered(catalog, keys) {
  const newest = Uint32Array.from({ length: catalog.copies }, (_, row) => row);
  if (keys.includes("added")) return newest;
  if (keys.includes("-added")) return newest.reverse();
  return keys.reduceRight((order, key) => sortedBy(order, rankOf(catalog, key)), byInstance(catalog, newest.reverse()));
}

/** Later than any year, so that unknown years come last in both directions. */
const LATEST = 2 ** 16;

/**
 * Each row's rank under a key.
 * @param {Catalog} catalog
 * @param {string} key
 * @returns {Uint32Array}
 */
function rankOf({ artistRanks, titleRanks, years }, key) {
  const reversed = key.startsWith("-");
  if (key.endsWith("year")) return years.map((year) => (year === 0 ? LATEST : reversed ? LATEST - year : year));
  const ranks = key.endsWith("artist") ? artistRanks : titleRanks;
  if (!reversed) return ranks;
  const top = highest(ranks);
  return ranks.map((rank) => top - rank);
}

/** @param {Uint32Array} ranks */
function highest(ranks) {
  return ranks.reduce((top, rank) => Math.max(top, rank), 0);
}

/**
 * A stable counting sort.
 * @param {Uint32Array} order
 * @param {Uint32Array} rank each row's
 * @returns {Uint32Array}
 */
function sortedBy(order, rank) {
  const next = new Uint32Array(highest(rank) + 2);
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

/**
 * The rows of a page, in order. A page past the last one is the last one; there is always one.
 * @param {Uint32Array} order
 * @param {{ chosen: Uint8Array, total: number }} selection
 * @param {number} asked from 1
 * @param {number} size rows a page
 * @returns {Page}
 */
export function pageOf(order, { chosen, total }, asked, size) {
  const pages = Math.max(1, Math.ceil(total / size));
  const page = Math.min(asked, pages);
  const first = page === 1 ? 0 : (page - 1) * size;
  /** @type {number[]} */
  const rows = [];
  let seen = 0;
  for (const row of order) {
    if (chosen[row] !== 1) continue;
    if (seen++ >= first) rows.push(row);
    if (rows.length === size) break;
  }
  return { page, pages, rows };
}

/**
 * The rows that are chosen, newest first.
 * @param {Uint8Array} chosen
 * @returns {number[]}
 */
export function chosenRows(chosen) {
  /** @type {number[]} */
  const rows = [];
  chosen.forEach((found, row) => {
    if (found === 1) rows.push(row);
  });
  return rows;
}

/**
 * Some of the entries, none twice, every choice and order of them equally likely (Fisher–Yates).
 * @template Entry
 * @param {readonly Entry[]} entries
 * @param {number} most
 * @param {(below: number) => number} draw a whole number from 0, each below the bound equally likely
 * @returns {Entry[]}
 */
export function randomPicks(entries, most, draw) {
  const pool = [...entries];
  const number = Math.min(most, pool.length);
  for (let place = 0; place < number; place++) {
    const other = place + draw(pool.length - place);
    [pool[place], pool[other]] = [at(pool, other), at(pool, place)];
  }
  return pool.slice(0, number);
}

/**
 * A draw without bias from 32-bit randomness: numbers that would favour the small ones are drawn again.
 * @param {() => number} random32 a random whole number below 2³²
 * @returns {(below: number) => number}
 */
export function fairDraw(random32) {
  return (below) => {
    const usable = 2 ** 32 - (2 ** 32 % below);
    let drawn = random32();
    while (drawn >= usable) drawn = random32();
    return drawn % below;
  };
}

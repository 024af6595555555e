/** The selection: which rows a query chooses, and what each facet value would choose instead. */

import { add, at } from "./columns.js";

/** @import { Catalog, Facet } from "./catalog.js" */
/** @import { Choice, Choices, FacetName } from "./query.js" */

/**
 * @typedef {object} Selection
 * @property {Uint8Array} chosen 1 for each row that matches
 * @property {number} total how many match
 * @property {Map<FacetName, Uint32Array>} counts the number beside each value of each facet
 */

/** A set of values passes, fails for want of an included value, or holds an excluded one. */
const PASSES = 0;
const WANTING = 1;
const EXCLUDED = 2;

/** What keeps a row out: nothing, (from 1) one facet's wants, or more than one choice could mend. */
const NOTHING = 0;
const MORE = 255;

/**
 * The rows that pass every facet and the search. A value's number is the size of the result if
 * its facet had just that one value included and all else stayed.
 * @param {Catalog} catalog
 * @param {Choices} choices
 * @param {Uint8Array | null} searched
 * @returns {Selection}
 */
export function selection({ copies, facets }, choices, searched) {
  const obstacles = obstaclesOf(copies, facets, choices, searched);
  const chosen = new Uint8Array(copies);
  let total = 0;
  for (let row = 0; row < copies; row++) {
    const found = obstacles[row] === NOTHING ? 1 : 0;
    chosen[row] = found;
    total += found;
  }
  const counts = new Map(
    facets.map((facet, each) => [facet.name, perValue(facet, tally(facet, obstacles, each + 1), choices[facet.name])]),
  );
  return { chosen, total, counts };
}

/**
 * @param {number} copies
 * @param {Facet[]} facets
 * @param {Choices} choices
 * @param {Uint8Array | null} searched
 */
function obstaclesOf(copies, facets, choices, searched) {
  const obstacles = new Uint8Array(copies);
  if (searched !== null) for (let row = 0; row < copies; row++) if (searched[row] === 0) obstacles[row] = MORE;
  facets.forEach((facet, each) => {
    const choice = choices[facet.name];
    if (choice.included.length + choice.excluded.length === 0) return;
    const verdicts = verdict(facet, choice);
    const { rows } = facet;
    for (let row = 0; row < copies; row++) {
      const found = verdicts[rows[row] ?? 0];
      if (found !== PASSES) obstacles[row] = found === EXCLUDED || obstacles[row] !== NOTHING ? MORE : each + 1;
    }
  });
  return obstacles;
}

/**
 * How many rows of each set only this facet keeps out, or nothing.
 * @param {Facet} facet
 * @param {Uint8Array} obstacles
 * @param {number} own
 */
function tally({ sets, rows }, obstacles, own) {
  const counts = new Uint32Array(sets.length);
  for (let row = 0; row < rows.length; row++) {
    const obstacle = obstacles[row];
    if (obstacle !== NOTHING && obstacle !== own) continue;
    const set = rows[row] ?? 0;
    counts[set] = (counts[set] ?? 0) + 1;
  }
  return counts;
}

/**
 * What a choice makes of each distinct set of values. A value that does not occur is in no set.
 * @param {Facet} facet
 * @param {Choice} choice
 */
function verdict({ places, sets }, { included, excluded }) {
  const wanted = new Set(included.map((value) => places.get(value)));
  const unwanted = new Set(excluded.map((value) => places.get(value)));
  return Uint8Array.from(sets, (set) => {
    if (set.some((place) => unwanted.has(place))) return EXCLUDED;
    return wanted.size === 0 || set.some((place) => wanted.has(place)) ? PASSES : WANTING;
  });
}

/**
 * Numbers of sets into numbers of values. An excluded value can never be had.
 * @param {Facet} facet
 * @param {Uint32Array} tallied
 * @param {Choice} choice
 */
function perValue({ places, sets, values }, tallied, { excluded }) {
  const counts = new Uint32Array(values.length);
  sets.forEach((set, code) => {
    for (const place of set) add(counts, place, at(tallied, code));
  });
  for (const value of excluded) {
    const place = places.get(value);
    if (place !== undefined) counts[place] = 0;
  }
  return counts;
}

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

/** What keeps a row out: nothing, more than one choice could mend, or (from 0) one facet's wants. */
const NOTHING = -1;
const MORE = -2;

/**
 * The rows that pass every facet and the search. A value's number is the size of the result if
 * its facet had just that one value included and all else stayed.
 * @param {Catalog} catalog
 * @param {Choices} choices
 * @param {Uint8Array | null} searched
 * @returns {Selection}
 */
export function selection({ copies, facets }, choices, searched) {
  const verdicts = facets.map((facet) => verdict(facet, choices[facet.name]));
  const tallies = facets.map((facet) => new Uint32Array(facet.sets.length));
  const chosen = new Uint8Array(copies);
  let total = 0;
  for (let row = 0; row < copies; row++) {
    if (searched !== null && searched[row] === 0) continue;
    const obstacle = obstacleOf(facets, verdicts, row);
    if (obstacle === MORE) continue;
    if (obstacle === NOTHING) {
      chosen[row] = 1;
      total++;
      for (let each = 0; each < facets.length; each++) tally(facets, tallies, each, row);
    } else {
      tally(facets, tallies, obstacle, row);
    }
  }
  const counts = new Map(
    facets.map((facet, each) => [facet.name, perValue(facet, at(tallies, each), choices[facet.name])]),
  );
  return { chosen, total, counts };
}

/**
 * @param {Facet[]} facets
 * @param {Uint8Array[]} verdicts
 * @param {number} row
 */
function obstacleOf(facets, verdicts, row) {
  let obstacle = NOTHING;
  for (let each = 0; each < facets.length; each++) {
    const found = at(at(verdicts, each), at(at(facets, each).rows, row));
    if (found === PASSES) continue;
    if (found === EXCLUDED || obstacle !== NOTHING) return MORE;
    obstacle = each;
  }
  return obstacle;
}

/**
 * @param {Facet[]} facets
 * @param {Uint32Array[]} tallies
 * @param {number} each
 * @param {number} row
 */
function tally(facets, tallies, each, row) {
  add(at(tallies, each), at(at(facets, each).rows, row), 1);
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

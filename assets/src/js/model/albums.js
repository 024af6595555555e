/** An album in the collection: how many copies of a release there are, and which other pressings. */

import { albumOf, rowAt } from "./catalog.js";

/** @import { Catalog, Row } from "./catalog.js" */

/**
 * The copies of a row's release, and the newest copy of each other pressing of its album, the
 * oldest pressing first and those without a year last.
 * @param {Catalog} catalog
 * @param {number} index
 * @returns {{ copies: number, others: Row[] }}
 */
export function pressings(catalog, index) {
  const album = albumOf(catalog, index);
  /** @type {Map<string, Row>} */
  const found = new Map();
  const { releaseId } = rowAt(catalog, index);
  let copies = 0;
  for (let other = 0; other < catalog.copies; other++) {
    if (albumOf(catalog, other) !== album) continue;
    const row = rowAt(catalog, other);
    if (row.releaseId === releaseId) copies++;
    else if (!found.has(row.releaseId)) found.set(row.releaseId, row);
  }
  const others = [...found.values()].sort((one, other) => place(one) - place(other));
  return { copies, others };
}

/** @param {Row} row */
function place(row) {
  return pressed(row) ?? Infinity;
}

/**
 * When a record came out, the original year and the pressing's told apart.
 * @param {Row} row
 */
export function released({ year, pressing, original }) {
  if (year === null) return "Year unknown";
  if (pressing !== null) return `${year}, this pressing ${pressing}`;
  return original ? `${year}, the original year` : `${year}, this pressing; original year unknown`;
}

/**
 * The year of the pressing itself, as far as it is known.
 * @param {Row} row
 */
export function pressed({ year, pressing }) {
  return pressing ?? year;
}

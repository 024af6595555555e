/** Numbers, days and sentences of the list, in words. */

/** @import { Facet } from "./catalog.js" */
/** @import { Constraint } from "./query.js" */

const MONTHS =
  "January February March April May June July August September October November December".split(" ");
const DAY = 86_400_000;

/**
 * A number with its thousands set apart: "1,497".
 * @param {number} number
 */
export function grouped(number) {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** @param {number} number */
export function records(number) {
  return `${grouped(number)} ${number === 1 ? "record" : "records"}`;
}

/**
 * A day counted from 1970, for people and for a `datetime` attribute.
 * @param {number} number
 */
export function day(number) {
  const date = new Date(number * DAY);
  return {
    words: `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`,
    iso: date.toISOString().slice(0, 10),
  };
}

/**
 * How much of the collection is shown.
 * @param {number} total how many match
 * @param {number} copies how many there are
 * @param {number} picks how many of them are shown at random, 0 for a page
 */
export function extent(total, copies, picks) {
  const matching = total === copies ? records(copies) : `${grouped(total)} of ${records(copies)}`;
  return picks === 0 ? matching : `${grouped(picks)} at random from ${matching}`;
}

/**
 * @param {number} page
 * @param {number} pages
 */
export function place(page, pages) {
  return `Page ${grouped(page)} of ${grouped(pages)}`;
}

/**
 * What a constraint asks for: "Genre: Jazz", "Style: not Dub", "“blue note”". A value that does
 * not occur says that it matches nothing: "Genre: Skiffle (0)".
 * @param {Constraint} constraint
 * @param {Facet[]} facets
 */
export function asked({ kind, side, value }, facets) {
  const facet = facets.find(({ name }) => name === kind);
  if (facet === undefined) return `“${value}”`;
  const nothing = facet.places.has(value) ? "" : " (0)";
  return `${facet.title}: ${side === "excluded" ? "not " : ""}${value}${nothing}`;
}

/**
 * Why nothing is shown, and what to remove.
 * @param {number} copies
 * @param {number} constraints how many narrow the result
 * @param {number} remedies how many of them would, removed alone, show something
 */
export function emptiness(copies, constraints, remedies) {
  if (copies === 0) return "There are no records in this collection yet.";
  if (constraints === 1) return "No record matches.";
  if (remedies === 0) return "No record matches, not even with one of these removed. Remove several:";
  return "No record matches all of this. Remove one of these to see some:";
}

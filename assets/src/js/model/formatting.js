/** Numbers, days and sentences of the list. */

/** @import { Facet, Row } from "./catalog.js" */
/** @import { Constraint } from "./query.js" */

const DAY = 86_400_000;
const long = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

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
  return { words: long.format(date), iso: date.toISOString().slice(0, 10) };
}

const longMonth = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });

/**
 * A month in words: "January 2020" for "2020-01". Anything else stays.
 * @param {string} value
 */
export function monthText(value) {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(value) ? longMonth.format(Date.parse(value)) : value;
}

/**
 * How much of the collection is shown: "37 of 1,497 records", "Three picks from 37".
 * @param {number} total how many match
 * @param {number} copies how many there are
 * @param {number} picks how many of them are shown at random, 0 for a page
 */
export function extent(total, copies, picks) {
  if (picks > 0) return `${PICKS[picks] ?? grouped(picks)} ${picks === 1 ? "pick" : "picks"} from ${grouped(total)}`;
  return total === copies ? records(copies) : `${grouped(total)} of ${records(copies)}`;
}

const PICKS = ["No", "One", "Two", "Three"];

/**
 * @param {number} page
 * @param {number} pages
 */
export function place(page, pages) {
  return `Page ${grouped(page)} of ${grouped(pages)}`;
}

/**
 * A constraint in words: "Genre: Jazz", "Style: not Dub", "Genre: must be Rock", "“blue note”". A value
 * that does not occur has its number: "Genre: Skiffle (0)".
 * @param {Constraint} constraint
 * @param {(name: string) => Facet} facetOf
 */
export function constraintText({ kind, side, value }, facetOf) {
  if (kind === "search") return `“${value}”`;
  const facet = facetOf(kind);
  const nothing = facet.places.has(value) ? "" : " (0)";
  return `${facet.title}: ${SIGNS[side]}${facet.label(value)}${nothing}`;
}

const SIGNS = { included: "", excluded: "not ", required: "must be " };

/**
 * The heading of an empty result.
 * @param {number} constraints how many narrow the result
 * @param {number} remedies how many of them would show something if one alone were taken away
 */
export function emptyText(constraints, remedies) {
  if (constraints === 1) return "Nothing matches this. Take it away:";
  if (remedies === 0) return "Nothing matches, even with one of these taken away. Take several away:";
  return "Nothing matches all of these. Take one away:";
}

/**
 * When a record came out: "1982", "1973 (original), this pressing 1999".
 * @param {Row} row
 */
export function releasedText({ year, pressing }) {
  if (year === null) return "Year unknown";
  return pressing === null ? String(year) : `${year} (original), this pressing ${pressing}`;
}

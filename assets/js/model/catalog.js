/** The catalog: the columns in the page, decoded once into arrays that filters and sorts run over. */

import { at } from "./columns.js";

/** @import { FacetName } from "./query.js" */

/**
 * @typedef {object} Columns the catalog as the generator writes it
 * @property {1} schema
 * @property {number} copies
 * @property {number[] | string[]} instances differences, or whole numbers as text
 * @property {(number | string)[]} releases
 * @property {number[]} added differences of days since 1970
 * @property {number[]} years 0 for unknown
 * @property {number[]} pressings 0 where the pressing's year is the year
 * @property {{ lines: string[], hues: number[], names: Record<string, string[]>, ties: number[], rows: number[] }} credits
 * @property {{ texts: string[], ties: number[], rows: number[] }} titles
 * @property {{ names: string[], rows: number[][], numbers: (string | null)[][] }} labels
 * @property {{ displays: string[][], rows: number[] }} formats
 * @property {FacetColumns[]} facets
 * @property {{ origin: string, rows: (string | null)[] }} thumbs
 */

/**
 * @typedef {object} FacetColumns
 * @property {FacetName} name
 * @property {string} title
 * @property {string[]} values
 * @property {number[][]} sets the distinct sets of values that rows have
 * @property {number[]} rows each row's set
 */

/** @typedef {Omit<FacetColumns, "rows"> & { places: Map<string, number>, rows: Uint32Array }} Facet */

/**
 * @typedef {object} Catalog
 * @property {number} copies
 * @property {Columns} columns what is only needed to show a row stays as it came
 * @property {string[]} instances
 * @property {Int32Array} days
 * @property {Uint16Array} years
 * @property {Uint32Array} artistRanks
 * @property {Uint32Array} titleRanks
 * @property {Facet[]} facets
 */

/**
 * @typedef {object} Row what is shown of a copy
 * @property {string} instance
 * @property {string} url
 * @property {string} credit
 * @property {string} title
 * @property {readonly string[]} formats
 * @property {{ name: string, number: string | null } | null} label the first one
 * @property {number | null} year
 * @property {number | null} pressing the pressing's year where it differs
 * @property {number} day
 * @property {number} hue
 * @property {string | null} thumb
 */

/**
 * @param {Columns} columns
 * @returns {Catalog}
 */
export function decoded(columns) {
  const { credits, titles } = columns;
  return {
    copies: columns.copies,
    columns,
    instances: instancesOf(columns.instances),
    days: Int32Array.from(sums(columns.added)),
    years: Uint16Array.from(columns.years),
    artistRanks: ranked(credits.rows, ranks(credits.lines.length, credits.ties)),
    titleRanks: ranked(titles.rows, ranks(titles.texts.length, titles.ties)),
    facets: columns.facets.map((facet) => ({
      ...facet,
      places: new Map(facet.values.map((value, place) => [value, place])),
      rows: Uint32Array.from(facet.rows),
    })),
  };
}

/**
 * @param {Catalog} catalog
 * @param {number} index
 * @returns {Row}
 */
export function rowAt({ columns, instances, days, years }, index) {
  const { credits, titles, labels, formats, thumbs } = columns;
  const credit = at(credits.rows, index);
  const label = at(labels.rows, index)[0];
  const thumb = at(thumbs.rows, index);
  return {
    instance: at(instances, index),
    url: `https://www.discogs.com/release/${at(columns.releases, index)}`,
    credit: at(credits.lines, credit),
    title: at(titles.texts, at(titles.rows, index)),
    formats: at(formats.displays, at(formats.rows, index)),
    label: label === undefined ? null : { name: at(labels.names, label), number: at(at(labels.numbers, index), 0) },
    year: years[index] || null,
    pressing: columns.pressings[index] || null,
    day: at(days, index),
    hue: at(credits.hues, credit),
    thumb: thumb === null ? null : thumbs.origin + thumb,
  };
}

/**
 * Every text of a row that a search looks through.
 * @param {Catalog} catalog
 * @param {number} index
 * @returns {string[]}
 */
export function searchedFields({ columns, years }, index) {
  const { credits, titles, labels } = columns;
  const credit = at(credits.rows, index);
  const numbers = at(labels.numbers, index).filter((number) => number !== null);
  return [
    ...(credits.names[credit] ?? [at(credits.lines, credit)]),
    at(titles.texts, at(titles.rows, index)),
    ...at(labels.rows, index).map((label) => at(labels.names, label)),
    ...numbers,
    ...numbers.filter((number) => /\s/.test(number)).map((number) => number.replace(/\s+/g, "")),
    ...[years[index], columns.pressings[index]].filter(Boolean).map(String),
  ];
}

/**
 * @param {number[] | string[]} column
 * @returns {string[]}
 */
function instancesOf(column) {
  const whole = column.every((entry) => typeof entry === "string");
  return whole ? column : sums(column).map(String);
}

/**
 * The running totals: differences back into numbers.
 * @param {readonly number[]} differences
 */
function sums(differences) {
  let total = 0;
  return differences.map((difference) => (total += difference));
}

/**
 * Each entry's rank: its place, or the rank of the one before where the two are equal.
 * @param {number} entries
 * @param {readonly number[]} ties
 */
function ranks(entries, ties) {
  const found = Uint32Array.from({ length: entries }, (_, place) => place);
  for (const place of ties) found[place] = at(found, place - 1);
  return found;
}

/**
 * @param {readonly number[]} codes
 * @param {Uint32Array} rank
 */
function ranked(codes, rank) {
  return Uint32Array.from(codes, (code) => at(rank, code));
}

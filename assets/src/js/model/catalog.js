/** The catalog: packed columns, opened once into arrays that filters and sorts run over. */

import { at, grouped, lines, numbers, picked, repeats, starts, stepped } from "./columns.js";

/** @import { FacetName } from "./query.js" */

/** @typedef {{ first: number, steps: string }} Steps */
/** @typedef {{ values: number[], rows: string }} Dictionary */
/** @typedef {{ sizes: string, entries: string, rows: string }} Sets distinct sets, end to end, and each edition's */

/**
 * @typedef {object} Columns the catalog as the generator writes it; from `releases` on by edition,
 *   grouped by credit
 * @property {2} schema
 * @property {number} copies
 * @property {{ name: FacetName, title: string, values: string[] }[]} facets
 * @property {{ origin: string, thumbs: string, covers: string }} pictures the names of their files
 * @property {Steps | string[]} instances
 * @property {Steps} added days since 1970
 * @property {string} ratings
 * @property {string} editions repeats: each copy's, numbered as they are met
 * @property {{ lines: string, hues: string, names: Record<string, string[]>, ties: number[], rows: string }} credits
 *   each edition's, in the order they are met
 * @property {string | string[]} releases
 * @property {string} albums repeats
 * @property {{ texts: string, ties: number[], rows: string }} titles
 * @property {Dictionary} years 0 for unknown
 * @property {Dictionary} pressings 0 for the year itself, 1 where that is known of no more than the pressing
 * @property {{ names: string, sizes: string, rows: string, numbers: string }} labels numbers by label
 * @property {{ sizes: string, displays: string, places: string, rows: string }} formats
 * @property {Sets} genres
 * @property {Sets} styles
 */

/**
 * @typedef {object} Facet
 * @property {FacetName} name
 * @property {string} title
 * @property {string[]} values
 * @property {Map<string, number>} places each value's
 * @property {number[][]} sets the distinct sets of values that rows have
 * @property {Uint32Array} rows each row's set
 */

/** @typedef {ReturnType<typeof decoded>} Catalog */

/**
 * @typedef {object} Row what is shown of a copy
 * @property {string} instance
 * @property {string} releaseId
 * @property {string} url
 * @property {string} credit
 * @property {string} title
 * @property {readonly string[]} formats
 * @property {{ name: string, number: string | null }[]} labels
 * @property {number | null} year
 * @property {boolean} original whether the year is that of the first pressing
 * @property {number | null} pressing the pressing's year where it differs
 * @property {readonly string[]} genres
 * @property {readonly string[]} styles
 * @property {number} rating 0 for none
 * @property {number} day
 * @property {number} hue
 */

/** @param {Columns} columns */
export function decoded(columns) {
  const { copies, credits, titles } = columns;
  /** @type {ArrayLike<number | string>} */
  const ids = Array.isArray(columns.instances) ? columns.instances : stepped(columns.instances, copies);
  /** @type {string[] | undefined} */
  let instances;
  const met = repeats(columns.editions, copies);
  const editions = most(met);
  const creditLines = lines(credits.lines);
  const byMet = numbers(credits.rows, editions);
  const order = grouped(byMet, creditLines().length);
  const places = picked(order, met);
  const creditCodes = new Uint32Array(editions);
  order.forEach((place, each) => (creditCodes[place] = at(byMet, each)));
  /** @param {Dictionary} column */
  const years = ({ values, rows }) => picked(values, numbers(rows, editions));
  /** @param {ArrayLike<number>} column one of editions, made one of copies */
  const ofCopies = (column) => picked(column, places);
  const titleLines = lines(titles.texts);
  const titleCodes = numbers(titles.rows, editions);
  const formats = formatsOf(columns.formats, editions);
  const edition = {
    releases: idsOf(columns.releases, editions),
    albums: repeats(columns.albums, editions),
    credits: creditCodes,
    titles: titleCodes,
    years: years(columns.years),
    pressings: years(columns.pressings),
    genres: setsOf(columns.genres, editions),
    styles: setsOf(columns.styles, editions),
  };
  return {
    copies,
    ids,
    /** Every copy's instance id as text, made when it is first asked for. */
    get instances() {
      return (instances ??= Array.from(ids, String));
    },
    days: stepped(columns.added, copies),
    ratings: numbers(columns.ratings, copies),
    years: ofCopies(edition.years),
    artistRanks: ofCopies(picked(ranks(creditLines().length, credits.ties), creditCodes)),
    titleRanks: ofCopies(picked(ranks(titleLines().length, titles.ties), titleCodes)),
    facets: columns.facets.map((facet) => {
      const { sets, rows } = facetSets(facet, edition, formats);
      return { ...facet, places: new Map(facet.values.map((value, place) => [value, place])), sets, rows: ofCopies(rows) };
    }),
    places,
    edition,
    formats,
    labels: labelsOf(columns.labels, editions),
    credits: { lines: creditLines, names: credits.names, hues: numbers(credits.hues, creditLines().length) },
    titles: titleLines,
    pictures: { ...columns.pictures, editions: met, places, releases: edition.releases },
  };
}

/**
 * @param {Catalog} catalog
 * @param {number} index
 * @returns {Row}
 */
export function rowAt(catalog, index) {
  const { edition, formats, credits } = catalog;
  const place = at(catalog.places, index);
  const releaseId = String(at(edition.releases, place));
  const credit = at(edition.credits, place);
  const pressing = at(edition.pressings, place);
  const year = at(edition.years, place);
  const display = at(formats.rows, place);
  return {
    instance: String(at(catalog.ids, index)),
    releaseId,
    url: `https://www.discogs.com/release/${releaseId}`,
    credit: at(credits.lines(), credit),
    title: at(catalog.titles(), at(edition.titles, place)),
    formats: formats.displays().slice(at(formats.starts, display), at(formats.starts, display + 1)),
    labels: labelsAt(catalog, place),
    year: year || null,
    original: year > 0 && pressing !== ONLY_PRESSING,
    pressing: pressing > ONLY_PRESSING ? pressing : null,
    genres: valuesAt(catalog, "genre", edition.genres, place),
    styles: valuesAt(catalog, "style", edition.styles, place),
    rating: at(catalog.ratings, index),
    day: at(catalog.days, index),
    hue: at(credits.hues, credit),
  };
}

/**
 * What copies of one album share: a number of no other meaning.
 * @param {Catalog} catalog
 * @param {number} index
 */
export function albumOf({ edition, places }, index) {
  return at(edition.albums, at(places, index));
}

/**
 * The row of a copy, -1 where there is none.
 * @param {Catalog} catalog
 * @param {string} instance
 */
export function rowOf({ instances }, instance) {
  return instances.indexOf(instance);
}

const ONLY_PRESSING = 1;

/**
 * @param {string | string[]} column
 * @param {number} count
 * @returns {ArrayLike<number | string>}
 */
function idsOf(column, count) {
  return Array.isArray(column) ? column : numbers(column, count);
}

/**
 * @param {Sets} packed
 * @param {number} editions
 */
function setsOf({ sizes, entries, rows }, editions) {
  const codes = numbers(rows, editions);
  const count = most(codes);
  const begin = starts(numbers(sizes, count));
  const flat = numbers(entries, at(begin, count));
  const sets = Array.from({ length: count }, (_, set) => [...flat.subarray(begin[set], begin[set + 1])]);
  return { sets, rows: codes };
}

/**
 * @param {Columns["formats"]} packed
 * @param {number} editions
 */
function formatsOf({ sizes, displays, places, rows }, editions) {
  const codes = numbers(rows, editions);
  const count = most(codes);
  return { displays: lines(displays), starts: starts(numbers(sizes, count)), places: numbers(places, count), rows: codes };
}

/**
 * @param {Columns["labels"]} packed
 * @param {number} editions
 */
function labelsOf({ names, sizes, rows, numbers: texts }, editions) {
  const begin = starts(numbers(sizes, editions));
  const all = lines(names);
  const codes = numbers(rows, at(begin, editions));
  return { names: all, starts: begin, rows: codes, numbers: lines(texts), places: grouped(codes, all().length) };
}

/**
 * @param {Catalog} catalog
 * @param {number} place
 */
function labelsAt({ labels }, place) {
  const found = [];
  for (let each = at(labels.starts, place); each < at(labels.starts, place + 1); each++) {
    const number = at(labels.numbers(), at(labels.places, each)) || null;
    found.push({ name: at(labels.names(), at(labels.rows, each)), number });
  }
  return found;
}

/**
 * @param {Catalog} catalog
 * @param {FacetName} name
 * @param {{ sets: number[][], rows: ArrayLike<number> }} column
 * @param {number} place
 */
function valuesAt({ facets }, name, { sets, rows }, place) {
  const values = facets.find((facet) => facet.name === name)?.values ?? [];
  return at(sets, at(rows, place)).map((value) => at(values, value));
}

/**
 * The sets of a facet: packed ones, or one for each value where an edition has just one.
 * @param {Columns["facets"][number]} facet
 * @param {Pick<Catalog["edition"], "genres" | "styles" | "years">} edition
 * @param {Catalog["formats"]} formats
 * @returns {{ sets: number[][], rows: ArrayLike<number> }}
 */
function facetSets({ name, values }, edition, formats) {
  if (name === "genre") return edition.genres;
  if (name === "style") return edition.styles;
  const sets = values.map((_, place) => [place]);
  if (name === "format") return { sets, rows: picked(formats.places, formats.rows) };
  const decades = new Map(values.map((value, place) => [parseInt(value), place]));
  return { sets, rows: Uint32Array.from(edition.years, (year) => decades.get(year ? year - (year % 10) : NaN) ?? 0) };
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
 * How many there are of what is numbered from 0.
 * @param {ArrayLike<number>} codes
 */
function most(codes) {
  let found = 0;
  for (let index = 0; index < codes.length; index++) found = Math.max(found, at(codes, index) + 1);
  return found;
}

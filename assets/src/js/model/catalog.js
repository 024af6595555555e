/** The catalog: the page's columns, opened once into arrays that filters and sorts run over. */

import { day, monthText } from "./formatting.js";

/** @import { FacetName } from "./query.js" */

/**
 * @typedef {object} Columns the catalog as generator/derive/catalog.py writes it
 * @property {object} values
 * @property {{ credits: number[], titles: number[] }} values.ties places that tie with the one before
 * @property {string[]} values.numbers catalogue numbers, in the order of the labels
 * @property {string[]} values.titles in sort order
 * @property {(string | string[])[]} values.credits in sort order: a line, or a line and the artists' names
 * @property {Named} values.people the artists, and those of each credit
 * @property {number[]} values.pressings
 * @property {[number, ...string[]][]} values.formats the place of the primary format, and all formats
 * @property {number[]} values.years
 * @property {Named} values.labels the labels, and those of each combination of them
 * @property {[number[], number[]][]} values.tags places of genres and of styles
 * @property {Record<"breaks" | "pressings" | "formats" | "years" | "labels" | "tags" | "titles", number[]> & { ids: (number | string)[], split: [number, number][] }} releases
 * @property {{ releases: number[], instances: number[] | string[], ratings: number[], added: number[] }} copies
 */

/**
 * @typedef {object} Named artists or labels by first appearance in groups
 * @property {(number | string)[]} ids a number at Discogs, or "name:" and the folded name
 * @property {string[]} names
 * @property {(number | number[])[]} of the members of each group, counted from 1; 0 for one that was in none before
 */

/** @typedef {{ ids: string[], names: string[], groups: number[][] }} Members */

/**
 * @typedef {object} Embedded the data that the page embeds
 * @property {{ name: FacetName, title: string, values: string[], tones: string[] }[]} facets
 * @property {{ origin: string, thumbs: string, covers: string }} covers names of the files of cover addresses
 * @property {Columns} columns
 */

/**
 * @typedef {object} Facet
 * @property {FacetName} name
 * @property {string} title
 * @property {string[]} values
 * @property {string[]} tones each value's colour; none where values have no colours
 * @property {(value: string) => string} label a value in words
 * @property {Map<string, number>} places each value's
 * @property {number[][]} sets the distinct sets of values that copies have
 * @property {Uint32Array} rows each copy's set
 */

/** @typedef {ReturnType<typeof openCatalog>} Catalog */

/**
 * @typedef {object} Row the data that is shown of a copy
 * @property {string} instance
 * @property {string} releaseId
 * @property {string} url
 * @property {string} credit
 * @property {string} title
 * @property {readonly string[]} formats
 * @property {{ key: string, name: string }[]} artists
 * @property {{ key: string, name: string, number: string | null }[]} labels
 * @property {number | null} year
 * @property {number | null} pressing the pressing's year where it is not `year`
 * @property {readonly string[]} genres
 * @property {readonly string[]} styles
 * @property {number} rating 0 for none
 * @property {number} day days since 1970
 * @property {number} hue
 */

/**
 * Throws an error for damaged columns.
 * @param {Embedded} embedded
 */
export function openCatalog({ facets, covers, columns }) {
  check(columns);
  const { values, copies } = columns;
  const credits = values.credits.map((entry) => (typeof entry === "string" ? [entry, entry] : entry));
  const [people, labels] = [members(values.people), members(values.labels)];
  nameAlone(people, values.credits);
  const releases = openReleases(columns, labels.groups);
  const ofCopy = Uint32Array.from(copies.releases);
  const days = descending(copies.added);
  /** @type {ArrayLike<number | string>} */
  const ids = hasText(copies.instances) ? copies.instances : descending(copies.instances);
  /** @type {string[] | undefined} */
  let instances;
  const shown = facets.map((facet) => openFacet(facet, values, releases, ofCopy));
  /** @type {Map<FacetName, Facet>} */
  const opened = new Map(shown.map((facet) => [facet.name, facet]));
  /** @type {Record<FacetName, () => Facet>} */
  const further = {
    year: () => yearFacet(values.years, releases, ofCopy),
    artist: () => memberFacet("artist", "Artist", people, picked(releases.credits, ofCopy)),
    label: () => memberFacet("label", "Label", labels, picked(releases.labels, ofCopy)),
    added: () => addedFacet(days),
    own: () => ownFacet(releases, ofCopy),
  };
  /**
   * A facet by name, made when it is first asked for.
   * @param {FacetName} name
   * @returns {Facet}
   */
  function facet(name) {
    const found = opened.get(name) ?? /** @type {() => Facet} */ (further[name])();
    opened.set(name, found);
    return found;
  }
  return {
    copies: ofCopy.length,
    ids,
    /** Every copy's instance id as text, made when it is first asked for. */
    get instances() {
      return (instances ??= Array.from(ids, String));
    },
    days,
    ratings: copies.ratings,
    /** Each copy's release. */
    ofCopy,
    releases,
    /** A credit line and the artists' names, for each credit. */
    credits,
    titles: values.titles,
    people,
    members: labels,
    /** The names of the labels of each combination. */
    labels: labels.groups.map((group) => group.map((place) => at(labels.names, place))),
    numbers: values.numbers,
    formats: values.formats.map(([, ...displays]) => displays),
    years: picked(releases.years, ofCopy),
    artistRanks: picked(picked(ranks(credits.length, values.ties.credits), releases.credits), ofCopy),
    titleRanks: picked(picked(ranks(values.titles.length, values.ties.titles), releases.titles), ofCopy),
    /** The facets that the page shows. */
    facets: shown,
    /** The names of all facets, in the order of the address. */
    facetNames: [...shown.map(({ name }) => name), ...Object.keys(further)],
    facet,
    covers: { ...covers, ofCopy, ids: releases.ids },
  };
}

/**
 * Throws an error unless all columns of releases and of copies have one length, and every copy has a release.
 * @param {Columns} columns
 */
function check({ releases: { ids, breaks, pressings, formats, years, labels, tags }, copies: { releases, instances, ratings, added } }) {
  const aligned = [breaks, pressings, formats, years, labels, tags].every(({ length }) => length === ids.length);
  const whole = [instances, ratings, added].every(({ length }) => length === releases.length);
  if (!aligned || !whole || !releases.every((place) => place in ids)) throw new Error("the columns of the catalog do not fit together");
}

/**
 * The members of groups, counted from 0.
 * @param {Named} named
 * @returns {Members}
 */
function members({ ids, names, of }) {
  let met = 0;
  const groups = of.map((entry) => {
    const group = (typeof entry === "number" ? [entry] : entry).map((number) => (number === 0 ? met : number - 1));
    for (const place of group) met = Math.max(met, place + 1);
    return group;
  });
  return { ids: ids.map(String), names: [...names], groups };
}

/**
 * Names the artists whose name is the line of a credit that they have alone.
 * @param {Members} people
 * @param {(string | string[])[]} credits
 */
function nameAlone({ names, groups }, credits) {
  credits.forEach((entry, place) => {
    const [only, ...others] = at(groups, place);
    if (typeof entry === "string" && only !== undefined && others.length === 0) names[only] ||= entry;
  });
}

/**
 * @param {Columns} columns
 * @param {number[][]} labelGroups
 */
function openReleases({ values, releases }, labelGroups) {
  const { breaks, ids, split, titles: steps } = releases;
  const [credits, albums, titles] = [new Uint32Array(ids.length), new Uint32Array(ids.length), new Uint32Array(ids.length)];
  const begun = new Map(split);
  let [credit, album, title, step] = [-1, 0, 0, 0];
  breaks.forEach((change, place) => {
    if (change === NEW_CREDIT) [credit, title] = [credit + 1, 0];
    if (change >= NEW_ALBUM) album = albums[begun.get(place) ?? -1] ?? place;
    if (change > 0) title += at(steps, step++);
    [credits[place], albums[place], titles[place]] = [credit, album, title];
  });
  const [labels, years] = [unfolded(releases.labels), unfolded(releases.years)];
  return {
    ids,
    /** Releases of one album share a number of no other meaning. */
    albums,
    credits,
    titles,
    /** 0 for unknown. */
    years: picked(values.years, years),
    pressings: picked(values.pressings, unfolded(releases.pressings)),
    labels,
    /** Where the catalogue numbers of a release begin: it has one for each label. */
    numbers: numberPlaces(labelGroups, labels),
    formats: unfolded(releases.formats),
    tags: unfolded(releases.tags),
    yearCodes: years,
  };
}

const NEW_CREDIT = 3;
const NEW_ALBUM = 2;

/**
 * @param {Embedded["facets"][number]} facet
 * @param {Columns["values"]} values
 * @param {ReturnType<typeof openReleases>} releases
 * @param {Uint32Array} ofCopy
 * @returns {Facet}
 */
function openFacet(facet, { formats, tags, years }, releases, ofCopy) {
  const places = new Map(facet.values.map((value, place) => [value, place]));
  const decade = (/** @type {number} */ year) => places.get(year ? `${year - (year % 10)}s` : "unknown") ?? 0;
  /** @type {Record<string, { sets: number[][], codes: Uint32Array }>} */
  const known = {
    genre: { sets: tags.map(([genres]) => genres), codes: releases.tags },
    style: { sets: tags.map(([, styles]) => styles), codes: releases.tags },
    format: { sets: formats.map(([primary]) => [primary]), codes: releases.formats },
    decade: { sets: years.map((year) => [decade(year)]), codes: releases.yearCodes },
  };
  const { sets, codes } = known[facet.name] ?? { sets: [[]], codes: new Uint32Array(ofCopy.length) };
  return { ...facet, places, sets, rows: picked(codes, ofCopy), label: (value) => value };
}

/**
 * A facet that the page does not show.
 * @param {FacetName} name
 * @param {string} title
 * @param {string[]} values
 * @param {Pick<Facet, "sets" | "rows"> & Partial<Facet>} rest
 * @returns {Facet}
 */
function furtherFacet(name, title, values, rest) {
  /** @type {Map<string, number>} */
  const places = new Map();
  values.forEach((value, place) => places.has(value) || places.set(value, place));
  return { name, title, values, tones: [], places, label: (value) => value, ...rest };
}

/**
 * @param {number[]} years
 * @param {ReturnType<typeof openReleases>} releases
 * @param {Uint32Array} ofCopy
 */
function yearFacet(years, { yearCodes }, ofCopy) {
  const values = years.map((year) => (year ? String(year) : "unknown"));
  return furtherFacet("year", "Year", values, { sets: years.map((_, place) => [place]), rows: picked(yearCodes, ofCopy) });
}

/**
 * Artists or labels. One that stands there under two names is one value.
 * @param {FacetName} name
 * @param {string} title
 * @param {Members} known
 * @param {Uint32Array} rows
 */
function memberFacet(name, title, { ids, names, groups }, rows) {
  const facet = furtherFacet(name, title, ids, { sets: [], rows });
  const label = /** @param {string} value */ (value) => names[facet.places.get(value) ?? -1] ?? value;
  return { ...facet, label, sets: groups.map((group) => group.map((place) => facet.places.get(at(ids, place)) ?? place)) };
}

/**
 * The years and the months in which copies were added.
 * @param {Float64Array} days
 */
function addedFacet(days) {
  /** @type {Map<string, number>} */
  const places = new Map();
  const placeOf = /** @param {string} value */ (value) => places.get(value) ?? places.set(value, places.size).size - 1;
  /** @type {Map<string, number>} */
  const months = new Map();
  /** @type {number[][]} */
  const sets = [];
  const rows = Uint32Array.from(days, (number) => {
    const month = day(number).iso.slice(0, 7);
    const known = months.get(month);
    if (known !== undefined) return known;
    months.set(month, sets.length);
    return sets.push([placeOf(month.slice(0, 4)), placeOf(month)]) - 1;
  });
  return furtherFacet("added", "Added", [...places.keys()], { sets, rows, label: monthText });
}

/**
 * Releases owned more than once, and albums owned in more than one release.
 * @param {ReturnType<typeof openReleases>} releases
 * @param {Uint32Array} ofCopy
 */
function ownFacet({ ids, albums }, ofCopy) {
  const [copies, pressings] = [new Uint32Array(ids.length), new Uint32Array(ids.length)];
  const owned = new Uint8Array(ids.length);
  for (const release of ofCopy) {
    copies[release] = at(copies, release) + 1;
    const album = at(albums, release);
    if (owned[release] === 0) pressings[album] = at(pressings, album) + 1;
    owned[release] = 1;
  }
  const code = /** @param {number} release */ (release) => Number(at(copies, release) > 1) + 2 * Number(at(pressings, at(albums, release)) > 1);
  const words = new Map([["copies", "more than one copy"], ["pressings", "more than one pressing"]]);
  return furtherFacet("own", "Owned", [...words.keys()], {
    sets: [[], [0], [1], [0, 1]],
    rows: Uint32Array.from(ofCopy, code),
    label: (value) => words.get(value) ?? value,
  });
}

/**
 * @param {Catalog} catalog
 * @param {number} index
 * @returns {Row}
 */
export function rowAt(catalog, index) {
  const { releases, people, members } = catalog;
  const place = at(catalog.ofCopy, index);
  const releaseId = String(at(releases.ids, place));
  const [credit = "", name] = at(catalog.credits, at(releases.credits, place));
  const title = at(catalog.titles, at(releases.titles, place));
  const labels = at(members.groups, at(releases.labels, place));
  const valuesOf = /** @param {FacetName} name */ (name) => {
    const facet = catalog.facet(name);
    return at(facet.sets, at(facet.rows, index)).map((value) => at(facet.values, value));
  };
  return {
    instance: String(at(catalog.ids, index)),
    releaseId,
    url: `https://www.discogs.com/release/${releaseId}`,
    credit,
    title,
    formats: at(catalog.formats, at(releases.formats, place)),
    artists: at(people.groups, at(releases.credits, place)).map((who) => ({ key: at(people.ids, who), name: at(people.names, who) })),
    labels: labels.map((label, each) => ({
      key: at(members.ids, label),
      name: at(members.names, label),
      number: at(catalog.numbers, at(releases.numbers, place) + each) || null,
    })),
    year: at(releases.years, place) || null,
    pressing: at(releases.pressings, place) || null,
    genres: valuesOf("genre"),
    styles: valuesOf("style"),
    rating: at(catalog.ratings, index),
    day: at(catalog.days, index),
    hue: hueOf(name ?? title),
  };
}

/**
 * The credit line cut into artists and what joins them. generator/derive/rows.py does the same.
 * @param {Row} row
 * @returns {{ text: string, key: string | null }[]}
 */
export function creditParts({ credit, artists }) {
  const [only, ...others] = artists;
  if (only && others.length === 0) return [{ text: credit, key: only.key }];
  /** @type {{ text: string, key: string | null }[]} */
  const parts = [];
  let done = 0;
  for (const { key, name } of artists) {
    const place = name === "" ? -1 : credit.indexOf(name, done);
    if (place < 0) continue;
    if (place > done) parts.push({ text: credit.slice(done, place), key: null });
    parts.push({ text: name, key });
    done = place + name.length;
  }
  if (done < credit.length) parts.push({ text: credit.slice(done), key: null });
  return parts;
}

/**
 * The row of a copy, -1 where there is none.
 * @param {Catalog} catalog
 * @param {string} instance
 */
export function rowOf({ instances }, instance) {
  return instances.indexOf(instance);
}

/**
 * How many copies there are of a row's release, and the newest copy of each other pressing of its
 * album, the oldest pressing first and those without a year last.
 * @param {Catalog} catalog
 * @param {number} index
 * @returns {{ copies: number, others: Row[] }}
 */
export function pressings(catalog, index) {
  const { ofCopy, releases } = catalog;
  const own = at(ofCopy, index);
  /** @type {Map<number, Row>} */
  const found = new Map();
  let copies = 0;
  ofCopy.forEach((release, other) => {
    if (release === own) copies++;
    else if (releases.albums[release] === releases.albums[own] && !found.has(release)) found.set(release, rowAt(catalog, other));
  });
  const year = /** @param {Row} row */ (row) => pressed(row) ?? Infinity;
  return { copies, others: [...found.values()].sort((one, other) => year(one) - year(other)) };
}

/**
 * The year of the pressing itself, as far as it is known.
 * @param {Row} row
 */
export function pressed({ year, pressing }) {
  return pressing ?? year;
}

/**
 * The label colour of a drawn cover: generator/derive/rows.py computes the same.
 * @param {string} name
 */
function hueOf(name) {
  let total = 0;
  for (const letter of name) total = (total * 31 + (letter.codePointAt(0) ?? 0)) % 65521;
  return total % 12;
}

/**
 * The entry at an index that is inside the column. Not for loops over all rows: one function that
 * reads arrays of every kind is slow, so these read for themselves.
 * @template Entry
 * @param {ArrayLike<Entry>} column
 * @param {number} index
 * @returns {Entry}
 */
export function at(column, index) {
  return /** @type {Entry} */ (column[index]);
}

/**
 * The entries at these indexes.
 * @param {ArrayLike<number>} column
 * @param {ArrayLike<number>} indexes
 */
export function picked(column, indexes) {
  const found = new Uint32Array(indexes.length);
  for (let index = 0; index < found.length; index++) found[index] = column[indexes[index] ?? 0] ?? 0;
  return found;
}

/**
 * Codes from 0: in the column, 0 repeats the code before, others are counted from 1.
 * @param {number[]} column
 */
function unfolded(column) {
  let last = 0;
  return Uint32Array.from(column, (code) => (last = code === 0 ? last : code - 1));
}

/**
 * Numbers of which only the first is written, then by how much each is less than the one before.
 * @param {number[]} column
 */
function descending(column) {
  let last = 0;
  return Float64Array.from(column, (step, index) => (last = index === 0 ? step : last - step));
}

/**
 * Whether a column of ids is written as text, because one of them is too large for a number.
 * @param {number[] | string[]} column
 * @returns {column is string[]}
 */
function hasText(column) {
  return typeof column[0] === "string";
}

/**
 * Each entry's rank: its place, or the rank of the one before where the two tie.
 * @param {number} entries
 * @param {number[]} ties
 */
function ranks(entries, ties) {
  const found = Uint32Array.from({ length: entries }, (_, place) => place);
  for (const place of descending(ties).reverse()) found[place] = at(found, place - 1);
  return found;
}

/**
 * Where each release's numbers begin among all of them, which stand in the order of the labels.
 * @param {number[][]} labels
 * @param {Uint32Array} codes
 */
function numberPlaces(labels, codes) {
  const next = new Uint32Array(labels.length + 1);
  for (const code of codes) next[code + 1] = at(next, code + 1) + at(labels, code).length;
  for (let code = 1; code < next.length; code++) next[code] = at(next, code) + at(next, code - 1);
  return codes.map((code) => (next[code] = at(next, code) + at(labels, code).length) - at(labels, code).length);
}

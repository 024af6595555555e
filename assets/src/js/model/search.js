/**
 * Search: every distinct name, title and number once, in long texts that each word is looked up in.
 * An entry that holds the word marks its releases, and through them rows.
 */

import { at, picked } from "./catalog.js";
import { searchText, spellings, words } from "./text.js";

/** @import { Catalog } from "./catalog.js" */
/** @import { Word } from "./text.js" */

/** @typedef {(search: string) => Uint8Array | null} Search the rows that match, 1 for each; null for every row */
/** @typedef {{ text: string, ends: number[] }} Haystack where each entry ends */
/** @typedef {(hits: Uint8Array, found: Uint8Array) => void} Mark marks the releases of entries */

/** Neither occurs in a collection or in a word: no word is ever found across two fields. */
const FIELD = "\u0001";
const ENTRY = "\u0002";
const SLICE = 50_000;
const REMEMBERED = 16;

/**
 * A search over a catalog. The texts are folded slice by slice ahead of the first search, or at
 * the latest by it; the last words found are remembered.
 * @param {Catalog} catalog
 * @returns {Search & { prepare: () => boolean }} `prepare` folds a slice, and tells whether one is left
 */
export function searchOver(catalog) {
  const texts = textsOf(catalog);
  const folded = texts.map(({ text }) => sliced(text));
  /** @type {Map<string, number> | undefined} */
  let ids;
  /** @type {Map<string, Uint8Array>} */
  const remembered = new Map();

  /** @param {Word} word */
  function releasesWith({ raw, text, also }) {
    const found = new Uint8Array(catalog.releases.ids.length);
    texts.forEach((each, place) => {
      const wanted = raw ? also : text;
      for (const hits of [
        raw && occurrences(haystack(each.typed()), text),
        wanted && occurrences(/** @type {ReturnType<typeof sliced>} */ (folded[place]).whole(), wanted),
      ]) {
        if (hits) each.mark(hits, found);
      }
    });
    markYears(catalog, text, found);
    ids ??= new Map(Array.from(catalog.releases.ids, (id, place) => [String(id), place]));
    const named = ids.get(text);
    if (named !== undefined) found[named] = 1;
    return found;
  }

  /** @param {Word} word */
  function rowsWith(word) {
    const key = `${word.raw} ${word.text}`;
    const found = remembered.get(key) ?? Uint8Array.from(picked(releasesWith(word), catalog.ofCopy));
    remembered.delete(key);
    remembered.set(key, found);
    for (const oldest of remembered.keys()) {
      if (remembered.size <= REMEMBERED) break;
      remembered.delete(oldest);
    }
    return found;
  }

  return Object.assign(/** @type {Search} */ ((search) => words(search).map(rowsWith).reduce(both, null)), {
    prepare: () => folded.some((each) => each.step()),
  });
}

/**
 * All that is searched, text by text: to be folded, and as it is typed; and how an entry marks its releases.
 * @param {Catalog} catalog
 * @returns {{ text: () => string, typed: () => string, mark: Mark }[]}
 */
function textsOf({ releases, credits, titles, labels, numbers, formats }) {
  /** A text is found as it is typed with its spaces and without, and so is a folded number. */
  const spaceless = (/** @type {string} */ text) => (/\s/.test(text) ? [text, text.replace(/\s+/g, "")] : [text]);
  /**
   * @param {string[][]} entries
   * @param {Mark} mark
   * @param {(text: string) => string[]} fields
   */
  const searched = (entries, mark, fields = (text) => [text]) => ({
    text: () => joined(entries.map((texts) => texts.flatMap(fields).flatMap(spellings))),
    typed: () => joined(entries.map((texts) => texts.flatMap(spaceless))),
    mark,
  });
  return [
    searched(credits.map(([, ...names]) => names), marking(releases.credits)),
    searched(titles.map((title) => [title]), marking(releases.titles)),
    searched(labels, marking(releases.labels)),
    searched(numbers.map((number) => [number]), markingNumbers(releases, labels), spaceless),
    searched(formats, marking(releases.formats)),
  ];
}

/** @param {string[][]} entries */
function joined(entries) {
  return entries.map((texts) => texts.join(FIELD)).join(ENTRY) + ENTRY;
}

/**
 * @param {Uint32Array} codes each release's entry
 * @returns {Mark}
 */
function marking(codes) {
  return (hits, found) => {
    for (let place = 0; place < found.length; place++) if (hits[codes[place] ?? 0] === 1) found[place] = 1;
  };
}

/**
 * @param {Catalog["releases"]} releases
 * @param {string[][]} labels
 * @returns {Mark}
 */
function markingNumbers(releases, labels) {
  return (hits, found) => {
    for (let place = 0; place < found.length; place++) {
      const first = at(releases.numbers, place);
      const end = first + at(labels, at(releases.labels, place)).length;
      for (let each = first; each < end; each++) if (hits[each] === 1) found[place] = 1;
    }
  };
}

/**
 * @param {Catalog} catalog
 * @param {string} text
 * @param {Uint8Array} found
 */
function markYears({ releases }, text, found) {
  if (!/^\d{1,4}$/.test(text)) return;
  for (const years of [releases.years, releases.pressings]) {
    const matching = new Set([...new Set(years)].filter((year) => year > 0 && String(year).includes(text)));
    if (matching.size > 0) years.forEach((year, place) => matching.has(year) && (found[place] = 1));
  }
}

/**
 * A text that is folded slice by slice, each ending with an entry.
 * @param {() => string} make
 */
function sliced(make) {
  let text = "";
  let done = -1;
  let made = "";
  /** @type {Haystack | undefined} */
  let found;
  /** Does a part of the work, and tells whether there was any. */
  function step() {
    if (found !== undefined) return false;
    if (done < 0) {
      text = make();
      done = 0;
    } else if (done < text.length) {
      const end = text.indexOf(ENTRY, done + SLICE) + 1 || text.length;
      made += searchText(text.slice(done, end));
      done = end;
    } else {
      found = haystack(made);
      text = made = "";
    }
    return true;
  }
  return {
    step,
    /** @returns {Haystack} */
    whole() {
      while (step());
      return /** @type {Haystack} */ (found);
    },
  };
}

/**
 * @param {string} text
 * @returns {Haystack}
 */
function haystack(text) {
  /** @type {number[]} */
  const ends = [];
  for (let end = text.indexOf(ENTRY); end >= 0; end = text.indexOf(ENTRY, end + 1)) ends.push(end);
  return { text, ends };
}

/**
 * The entries that hold a word, null for none.
 * @param {Haystack} haystack
 * @param {string} word
 */
function occurrences({ text, ends }, word) {
  let place = text.indexOf(word);
  if (place < 0) return null;
  const found = new Uint8Array(ends.length);
  for (let entry = 0; place >= 0; place = text.indexOf(word, ends[entry])) {
    while ((ends[entry] ?? place) < place) entry++;
    found[entry] = 1;
  }
  return found;
}

/**
 * @param {Uint8Array | null} some
 * @param {Uint8Array} others
 * @returns {Uint8Array}
 */
function both(some, others) {
  return some === null ? others : others.map((found, row) => found & (some[row] ?? 0));
}

/** Search: every row's fields in one long text, in which a word is found from row to row. */

import { at } from "./columns.js";
import { searchText, words } from "./text.js";

/** @import { Word } from "./text.js" */

/** @typedef {(search: string) => Uint8Array | null} Search the rows that match, 1 for each; null for every row */

/** Neither occurs in a collection or in a word: no word is ever found across two fields. */
const FIELD = "\u0001";
const ROW = "\u0002";
const REMEMBERED = 16;

/**
 * A search over rows. The text is made at the first search, the last words found are remembered.
 * @param {number} copies
 * @param {(index: number) => string[]} fields
 * @returns {Search}
 */
export function searchOver(copies, fields) {
  /** @type {Map<string, Uint8Array>} */
  const remembered = new Map();
  const raw = once(() => joined(copies, fields));
  const haystacks = { raw: once(() => haystack(raw())), folded: once(() => haystack(searchText(raw()))) };

  /** @param {Word} word */
  function rowsWith(word) {
    const key = `${word.raw} ${word.text}`;
    const found = remembered.get(key) ?? occurrences(haystacks[word.raw ? "raw" : "folded"](), word.text);
    remembered.delete(key);
    remembered.set(key, found);
    for (const oldest of remembered.keys()) {
      if (remembered.size <= REMEMBERED) break;
      remembered.delete(oldest);
    }
    return found;
  }

  return (search) => words(search).map(rowsWith).reduce(both, null);
}

/** @typedef {{ text: string, ends: Uint32Array }} Haystack where each row's text ends */

/**
 * @param {number} copies
 * @param {(index: number) => string[]} fields
 */
function joined(copies, fields) {
  let text = "";
  for (let index = 0; index < copies; index++) text += fields(index).join(FIELD) + ROW;
  return text;
}

/**
 * @param {string} text
 * @returns {Haystack}
 */
function haystack(text) {
  /** @type {number[]} */
  const ends = [];
  for (let end = text.indexOf(ROW); end >= 0; end = text.indexOf(ROW, end + 1)) ends.push(end);
  return { text, ends: Uint32Array.from(ends) };
}

/**
 * @param {Haystack} haystack
 * @param {string} word
 */
function occurrences({ text, ends }, word) {
  const found = new Uint8Array(ends.length);
  let row = 0;
  for (let place = text.indexOf(word); place >= 0; place = text.indexOf(word, at(ends, row))) {
    while (at(ends, row) < place) row++;
    found[row] = 1;
  }
  return found;
}

/**
 * @param {Uint8Array | null} some
 * @param {Uint8Array} others
 * @returns {Uint8Array}
 */
function both(some, others) {
  return some === null ? others : others.map((found, row) => found & at(some, row));
}

/**
 * @template Value
 * @param {() => Value} make
 * @returns {() => Value}
 */
function once(make) {
  /** @type {{ value: Value } | undefined} */
  let made;
  return () => (made ??= { value: make() }).value;
}

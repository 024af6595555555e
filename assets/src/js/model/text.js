/**
 * Text as searches compare it: folding by the rules the generator orders by, the words of a search,
 * and the stretches of a text that they match.
 */

import { at } from "./catalog.js";

/** @typedef {{ text: string, raw: boolean, also?: string }} Word a text to find, whether it is found unfolded, and another one that will do */
/** @typedef {[start: number, end: number]} Stretch from and to a place of the text itself */
/** @typedef {{ text: string, starts: number[], ends: number[] }} Traced a changed text, and the origin of each unit of it */

/** @type {Record<string, string>} */
const KIN = { æ: "ae", œ: "oe", ß: "ss", ø: "o", đ: "d", ð: "d", þ: "th", ł: "l", ı: "i", ς: "σ" };

/**
 * The text as it is compared: no marks, no format characters, no case, kindred letters unified.
 * @param {string} text
 */
export function fold(text) {
  const bare = text.normalize("NFKD").replace(/[\p{Mn}\p{Me}\p{Cf}]+/gu, "");
  return bare.toLowerCase().replace(/[æœßøđðþłıς]/g, (letter) => KIN[letter] ?? letter);
}

/**
 * The folded text without punctuation and symbols, its spaces single. Control characters stay,
 * so that a text of many fields can be made in one go.
 * @param {string} text
 */
export function searchText(text) {
  return fold(text).replace(/[\p{P}\p{S}]+/gu, "").replace(/[^\S\uFEFF]+/g, " ");
}

const ARTICLES = /^(the|a|an|der|die|das|le|la|les|los|las|el|il|de|het|os|as) +(?=.)/;

/**
 * The letter under which a name stands, without its article; "#" for anything but a letter.
 * @param {string} name
 */
export function initial(name) {
  return titleInitial(fold(name).replace(ARTICLES, ""));
}

/**
 * The letter under which a title stands.
 * @param {string} title
 */
export function titleInitial(title) {
  const [first = "#"] = fold(title);
  return /\p{L}/u.test(first) ? first.toUpperCase() : "#";
}

/** @type {[RegExp, (found: string) => string][]} */
const SPELLINGS = [
  [/(?<=\p{L})[$!@]|[$!@](?=\p{L})/gu, (sign) => SIGNS[sign] ?? sign],
  [/[äöüÄÖÜ]/g, (letter) => `${letter.normalize("NFD").charAt(0)}e`],
  [/(?<!\S)[&+](?!\S)/g, () => "and"],
];

/** @type {Record<string, string>} */
const SIGNS = { $: "s", "!": "i", "@": "a" };

/**
 * A text and its other spellings: Ke$ha as Kesha, Motörhead as Motoerhead, & as and.
 * @param {string} text
 */
export function spellings(text) {
  if (!/[$!@äöüÄÖÜ&+]/.test(text)) return [text];
  return [...new Set([text, ...SPELLINGS.map(([pattern, other]) => text.replace(pattern, other))])];
}

/**
 * The words of a search. One that folds to nothing ("!!!") is looked for as it was typed.
 * @param {string} search
 * @returns {Word[]}
 */
export function words(search) {
  return search
    .split(/[^\S\uFEFF]+/)
    .map((part) => part.replace(/\p{Cc}+/gu, ""))
    .filter((part) => part !== "")
    .map(word);
}

/**
 * @param {string} typed
 * @returns {Word}
 */
function word(typed) {
  const text = searchText(typed).trim();
  if (text !== "") return { text, raw: false };
  return { text: typed, raw: true, ...(typed === "&" || typed === "+" ? { also: "and" } : {}) };
}

const REMEMBERED = 1000;

/** @type {Map<string, Traced>} */
const remembered = new Map();

/**
 * The stretches of a text that words match, in order, none touching another. Characters that a match
 * skips (the stroke of "AC/DC") belong to it, and so do the marks above its last letter.
 * @param {string} text
 * @param {readonly Word[]} words
 * @param {boolean} [spaceless] whether it is looked through without its spaces as well
 * @returns {Stretch[]}
 */
export function matches(text, words, spaceless = false) {
  if (words.length === 0 || text === "") return [];
  /** @type {Stretch[]} */
  const found = [];
  for (const word of words) {
    const traced = word.raw ? asTyped(text) : folded(text);
    collect(found, traced, word.text);
    if (spaceless) collect(found, withoutSpaces(traced), word.text);
  }
  return united(found);
}

/**
 * @param {Stretch[]} found
 * @param {Traced} traced
 * @param {string} word
 */
function collect(found, { text, starts, ends }, word) {
  for (let place = text.indexOf(word); place >= 0; place = text.indexOf(word, place + 1)) {
    found.push([at(starts, place), at(ends, place + word.length - 1)]);
  }
}

/**
 * @param {Stretch[]} stretches
 * @returns {Stretch[]}
 */
function united(stretches) {
  /** @type {Stretch[]} */
  const found = [];
  for (const [start, end] of stretches.sort((one, other) => one[0] - other[0])) {
    const last = found.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else found.push([start, end]);
  }
  return found;
}

/**
 * The search text of a text. Each code point is folded on its own: none changes another's.
 * @param {string} text
 * @returns {Traced}
 */
function folded(text) {
  const known = remembered.get(text);
  if (known) return known;
  if (remembered.size >= REMEMBERED) remembered.clear();
  /** @type {Traced} */
  const traced = { text: "", starts: [], ends: [] };
  let place = 0;
  for (const letter of text) {
    const [start, end] = [place, (place += letter.length)];
    const piece = searchText(letter);
    if (piece === "" && /[\p{Mn}\p{Me}\p{Cf}]/u.test(letter) && traced.ends.length > 0) traced.ends[traced.ends.length - 1] = end;
    if (piece !== " " || !traced.text.endsWith(" ")) append(traced, piece, start, end);
  }
  remembered.set(text, traced);
  return traced;
}

/**
 * @param {Traced} traced
 * @param {string} piece
 * @param {number} start
 * @param {number} end
 */
function append(traced, piece, start, end) {
  traced.text += piece;
  for (let unit = 0; unit < piece.length; unit++) {
    traced.starts.push(start);
    traced.ends.push(end);
  }
}

/**
 * @param {string} text
 * @returns {Traced}
 */
function asTyped(text) {
  const starts = Array.from({ length: text.length }, (_, place) => place);
  return { text, starts, ends: starts.map((place) => place + 1) };
}

/**
 * @param {Traced} traced
 * @returns {Traced}
 */
function withoutSpaces({ text, starts, ends }) {
  const kept = [...text.matchAll(/\S/g)].map(({ index }) => index);
  return {
    text: kept.map((place) => text.charAt(place)).join(""),
    starts: kept.map((place) => at(starts, place)),
    ends: kept.map((place) => at(ends, place)),
  };
}

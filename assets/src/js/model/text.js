/** Folding, search text and the words of a search: the same rules that the generator orders by. */

/** @typedef {{ text: string, raw: boolean }} Word what to look for, and whether it is looked for unfolded */

/** @type {Record<string, string>} */
const KIN = { æ: "ae", œ: "oe", ß: "ss", ø: "o", đ: "d", ð: "d", þ: "th", ł: "l", ı: "i", ς: "σ" };

/**
 * The text as it is compared: no marks, no case, kindred letters unified.
 * @param {string} text
 */
export function fold(text) {
  const bare = text.normalize("NFKD").replace(/[\p{Mn}\p{Me}]+/gu, "");
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
  return text === "" ? { text: typed, raw: true } : { text, raw: false };
}

import assert from "node:assert/strict";
import { test } from "node:test";

import { fold, initial, matches, searchText, spellings, titleInitial, words } from "../../assets/src/js/model/text.js";

/** @type {[string, string][]} */
const FOLDED = [
  ["Björk", "bjork"],
  ["Œuvre Æther", "oeuvre aether"],
  ["STRASSE Straße ẞ", "strasse strasse ss"],
  ["Ødegaard Đorđe Þór Łódź ısı", "odegaard dorde thor lodz isi"],
  ["ΟΔΥΣΣΕΥΣ Ὀδυσσεύς", "οδυσσευσ οδυσσευσ"],
  ["İstanbul ISTANBUL", "istanbul istanbul"],
  ["ﬁne ２００１ ½", "fine 2001 1⁄2"],
  ["Ёлка й", "елка и"],
  ["A\u20ddB", "ab"],
  ["so\u00adft \u200bzero\u200d", "soft zero"],
];

for (const [text, expected] of FOLDED) {
  test(`${text} folds to ${expected}`, () => assert.equal(fold(text), expected));
}

/** @type {[string, string][]} */
const SEARCHED = [
  ["AC/DC", "acdc"],
  ["Guns N' Roses", "guns n roses"],
  ["Salt  –  Pepa", "salt pepa"],
  ["Sunn O)))", "sunn o"],
  ["!!!", ""],
  ["a\u00a0b\u2003c", "a b c"],
  ["one\u0001 two\u0002", "one\u0001 two\u0002"],
];

for (const [text, expected] of SEARCHED) {
  test(`${JSON.stringify(text)} is searched as ${JSON.stringify(expected)}`, () =>
    assert.equal(searchText(text), expected));
}

test("a name stands under a letter", () => {
  assert.deepEqual(["The Beatles", "Ødegaard", "!!!", "2Pac", "", "Кино", "The"].map(initial), ["B", "O", "#", "#", "#", "К", "T"]);
  assert.deepEqual(["The End", "Öl", "1999"].map(titleInitial), ["T", "O", "#"]);
});

test("a text has other spellings", () => {
  assert.deepEqual(spellings("Ke$ha"), ["Ke$ha", "Kesha"]);
  assert.deepEqual(spellings("P!nk @ 5$"), ["P!nk @ 5$", "Pink @ 5$"]);
  assert.deepEqual(spellings("MÖTÖRHEAD & Ürgüp"), ["MÖTÖRHEAD & Ürgüp", "MOeTOeRHEAD & Uerguep", "MÖTÖRHEAD and Ürgüp"]);
  assert.deepEqual(spellings("+ A+B &"), ["+ A+B &", "and A+B and"]);
  assert.deepEqual(spellings("plain"), ["plain"]);
});

test("a search is its folded words", () => {
  assert.deepEqual(words("  Blue\tNOTE "), [
    { text: "blue", raw: false },
    { text: "note", raw: false },
  ]);
});

test("a word that folds to nothing is looked for as typed", () => {
  assert.deepEqual(words("!!! ´"), [
    { text: "!!!", raw: true },
    { text: "´", raw: true },
  ]);
});

test("a search of spaces and control characters has no words", () => {
  assert.deepEqual(words(" \u0001 \u0002\u0000 "), []);
});

/** The text with its stretches in brackets. @param {string} text @param {string} search @param {boolean} [spaceless] */
function marked(text, search, spaceless) {
  return matches(text, words(search), spaceless).reduceRight(
    (shown, [start, end]) => `${shown.slice(0, start)}[${shown.slice(start, end)}]${shown.slice(end)}`,
    text,
  );
}

/** @type {[string, string, string][]} */
const MARKED = [
  ["AC/DC", "acdc", "[AC/DC]"],
  ["AC/DC", "ac dc", "[AC]/[DC]"],
  ["AC/DC", "AC/D", "[AC/D]C"],
  ["AC/DC", "c", "A[C]/D[C]"],
  ["blink-182", "blink182", "[blink-182]"],
  ["blink-182", "blink 182", "[blink]-[182]"],
  ["BLP-4003", "blp4003", "[BLP-4003]"],
  ["Œuvre", "oeuvre", "[Œuvre]"],
  ["Œuvre", "o", "[Œ]uvre"],
  ["Œuvre", "eu", "[Œu]vre"],
  ["Straße", "strass", "[Straß]e"],
  ["Straße", "se", "Stra[ße]"],
  ["Björk", "bjo", "[Bjö]rk"],
  ["Bjo\u0308rk", "bjo", "[Bjo\u0308]rk"],
  ["Bjo\u0308rk", "rk", "Bjo\u0308[rk]"],
  ["Ødegaard", "ode", "[Øde]gaard"],
  ["Æther", "ae", "[Æ]ther"],
  ["İstanbul", "ist", "[İst]anbul"],
  ["ΟΔΥΣΣΕΥΣ", "σευς", "ΟΔΥΣ[ΣΕΥΣ]"],
  ["Кино", "ино", "К[ино]"],
  ["米津玄師", "津玄", "米[津玄]師"],
  ["فيروز", "روز", "في[روز]"],
  ["🎷 Sax 𝔸", "sax a", "🎷 [Sax] [𝔸]"],
  ["½ inch", "1⁄2", "[½] inch"],
  ["!!!", "!!", "[!!!]"],
  ["Help!", "!", "Help[!]"],
  ["Sunn O)))", "sunn o", "[Sunn] [O])))"],
  ["Blue Train", "blue blu rain", "[Blue] T[rain]"],
  ["banana", "ana nan", "b[anana]"],
  ["Vol  -  2", "l 2", "Vo[l]  -  [2]"],
  ["a´b", "a´b", "[a´b]"],
  ["1973", "197", "[197]3"],
  ["Blue Train", "", "Blue Train"],
  ["Blue Train", "red", "Blue Train"],
  ["", "red", ""],
  ["<b>", "b", "<[b]>"],
];

for (const [text, search, expected] of MARKED) {
  test(`${JSON.stringify(search)} in ${JSON.stringify(text)} is ${JSON.stringify(expected)}`, () =>
    assert.equal(marked(text, search), expected));
}

/** @type {[string, string, string][]} */
const SPACELESS = [
  ["BLP 4003", "blp4003", "[BLP 4003]"],
  ["BLP 4003", "blp 4003", "[BLP] [4003]"],
  ["BLP 4003", "p4", "BL[P 4]003"],
  ["W a r p 9", "warp", "[W a r p] 9"],
  ["A B / C", "!/", "A B / C"],
  ["A / / B", "//", "A [/ /] B"],
];

for (const [text, search, expected] of SPACELESS) {
  test(`${search} in the catalogue number ${text} is ${expected}`, () =>
    assert.equal(marked(text, search, true), expected));
}

test("spaces are passed over in catalogue numbers only", () => assert.equal(marked("BLP 4003", "blp4003"), "BLP 4003"));

test("a long text is marked to its end", () => {
  const text = "é ".repeat(5000);

  assert.deepEqual(matches(text, words("e")).length, 5000);
  assert.deepEqual(matches(text, words("e")).at(-1), [9998, 9999]);
});

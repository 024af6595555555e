import assert from "node:assert/strict";
import { test } from "node:test";

import { fold, searchText, words } from "../../assets/src/js/model/text.js";

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

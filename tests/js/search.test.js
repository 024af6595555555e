import assert from "node:assert/strict";
import { test } from "node:test";

import { searchOver } from "../../assets/src/js/model/search.js";
import { shelf } from "./shelf.js";

const catalog = shelf();
const search = searchOver(catalog);

/** @type {[string, number[]][]} */
const FOUND = [
  ["ac dc", [2]],
  ["acdc", [2]],
  ["AC/DC", [2]],
  ["bjork", [4, 5]],
  ["gudmundsdottir", [4, 5]],
  ["oeuvre", [4, 5]],
  ["blp4003", [2]],
  ["BLP 4003", [2]],
  ["pcs3071", [0]],
  ["pcs 3071", [0]],
  ["warp2", [4, 5]],
  ["2008", [0]],
  ["197", [0, 2, 4, 5]],
  ["!!!", [1]],
  ["!", [0, 1, 3]],
  ["none", []],
  ["null", []],
  ["beatles help", [0, 3]],
  ["help beatles 1963", [3]],
  ["helpapple", []],
  ["beatles & help", []],
  ["and", []],
  ["vinyl lp", [0, 2, 3]],
  ["dvd", [1, 4]],
  ["102", [4]],
  ["10", []],
  ["björk & debut", []],
];

for (const [text, expected] of FOUND) {
  test(`${text} finds ${expected.length ? `rows ${expected}` : "nothing"}`, () => {
    const rows = [...(search(text) ?? [])].flatMap((found, row) => (found ? [row] : []));

    assert.deepEqual(rows, expected);
  });
}

test("no words are no search", () => assert.equal(search("  "), null));

test("many searches give the same answer again", () => {
  for (let word = 0; word < 100; word++) search(`word${word}`);

  assert.deepEqual([...(search("acdc") ?? [])], [0, 0, 1, 0, 0, 0]);
});

test("what is folded ahead in slices is what a search folds at once", () => {
  const titles = Array.from({ length: 6 }, (_, copy) => `Title ${copy} `.repeat(10_000));
  const long = () => shelf({ values: { titles }, releases: { breaks: [3, 3, 3, 1, 3, 3], titles: [1, 2, 5, -1, 0, 3] } });
  const [ahead, atOnce] = [searchOver(long()), searchOver(long())];
  let turns = 0;
  while (ahead.prepare()) turns++;

  assert.ok(turns > 6);
  for (const text of ["title", "title 3", "3 title", "beatles 1963", "blp4003", "!!!"]) {
    assert.deepEqual(ahead(text), atOnce(text));
  }
  assert.deepEqual([...(ahead("3") ?? [])], [1, 0, 1, 1, 0, 0]);
});

test("a search may come while slices are folded", () => {
  const search = searchOver(shelf());
  search.prepare();

  assert.deepEqual([...(search("warp2") ?? [])], [0, 0, 0, 0, 1, 1]);
  while (search.prepare());
  assert.deepEqual([...(search("help") ?? [])], [1, 0, 0, 1, 0, 0]);
});

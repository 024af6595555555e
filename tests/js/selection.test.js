import assert from "node:assert/strict";
import { test } from "node:test";

import { parsedQuery } from "../../assets/src/js/model/query.js";
import { selection } from "../../assets/src/js/model/selection.js";
import { shelf } from "./shelf.js";

const catalog = shelf();

/** @param {string} address @param {Uint8Array | null} [searched] */
function chosen(address, searched = null) {
  const { chosen, total, counts } = selection(catalog, parsedQuery(address).choices, searched);
  const rows = [...chosen].flatMap((found, row) => (found ? [row] : []));
  assert.equal(total, rows.length);
  return { rows, counts: Object.fromEntries([...counts].map(([name, each]) => [name, [...each]])) };
}

/** @type {[string, number[]][]} */
const CHOSEN = [
  ["", [0, 1, 2, 3, 4, 5]],
  ["?genre=Rock", [0, 1, 2, 3]],
  ["?genre=Rock&genre=Electronic", [0, 1, 2, 3, 4]],
  ["?genre=Rock&genre=-Electronic", [0, 2, 3]],
  ["?genre=-Rock&genre=-Electronic", [5]],
  ["?genre=Rock&genre=-Rock", []],
  ["?genre=Rock&format=CD", [1]],
  ["?decade=unknown", [1]],
  ["?decade=-1970s&decade=-unknown", [3]],
  ["?genre=rock", []],
  ["?genre=Skiffle", []],
  ["?genre=Skiffle&genre=Rock", [0, 1, 2, 3]],
  ["?genre=-Skiffle", [0, 1, 2, 3, 4, 5]],
  ["?format=Vinyl&format=CD&style=House", [1]],
];

for (const [address, expected] of CHOSEN) {
  test(`${address || "no choice"} chooses rows ${expected}`, () => assert.deepEqual(chosen(address).rows, expected));
}

test("the number beside a value is the result with just that value of its facet", () => {
  assert.deepEqual(chosen("?genre=Rock&format=CD").counts, {
    genre: [1, 2, 0],
    style: [1, 1],
    format: [3, 1],
    decade: [0, 0, 1],
  });
});

test("an excluded value counts nothing, and takes its rows from the others", () => {
  assert.deepEqual(chosen("?genre=-Electronic").counts.genre, [3, 0, 0]);
});

test("an included value that does not occur leaves the numbers of its own facet", () => {
  assert.deepEqual(chosen("?genre=Skiffle").counts, {
    genre: [4, 2, 0],
    style: [0, 0],
    format: [0, 0],
    decade: [0, 0, 0],
  });
});

test("the numbers follow the search", () => {
  const { rows, counts } = chosen("?format=CD", Uint8Array.of(1, 1, 0, 0, 0, 1));

  assert.deepEqual(rows, [1]);
  assert.deepEqual(counts, { genre: [1, 1, 0], style: [1, 1], format: [2, 1], decade: [0, 0, 1] });
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { rowAt } from "../../assets/src/js/model/catalog.js";
import { chosenRows, fairDraw, ordered, pageOf, randomPicks, resultsOver, selection } from "../../assets/src/js/model/results.js";
import { SETTINGS, asked, shelf } from "./shelf.js";

const catalog = shelf();
const results = resultsOver(catalog, SETTINGS);

test("a query is answered with its rows in its order", () => {
  const { total, page, pages, rows } = results(asked("?genre=Rock&q=1&sort=year&page=7"));

  assert.deepEqual([total, page, pages], [3, 1, 1]);
  assert.deepEqual(rows.map((row) => rowAt(catalog, row).year), [1963, 1973, 1979]);
});

test("two pressings of one album are two rows", () => {
  const { rows } = results(asked("?q=debut"));

  assert.deepEqual(rows.map((row) => rowAt(catalog, row).instance), ["3000000002", "3000000001"]);
});

test("the page count follows the search", () => {
  assert.equal(results(asked("?q=nothing+like+it")).pages, 1);
  assert.equal(results(asked("?q=nothing+like+it")).total, 0);
});

/** @param {string} address @param {Uint8Array | null} [searched] */
function chosen(address, searched = null) {
  const { chosen, total, counts } = selection(catalog, asked(address).choices, searched);
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
  ["?genre=%2BRock&genre=%2BElectronic", [1]],
  ["?genre=%2BRock&genre=%2BSkiffle", []],
  ["?genre=%2BRock&genre=-Electronic", [0, 2, 3]],
  ["?genre=%5C-Odd", []],
  ["?year=1963&year=1973", [0, 3]],
  ["?year=unknown", [1]],
  ["?artist=5", [4, 5]],
  ["?artist=name%3Aac%2Fdc", [2]],
  ["?artist=-5&artist=-7", [1, 2, 3]],
  ["?label=21", [2, 4, 5]],
  ["?label=%2B21&label=%2B22", [4, 5]],
  ["?label=name%3Aapple", [0]],
  ["?added=2024", [0, 1, 2, 3, 4, 5]],
  ["?added=2024&added=-2024-10", [4, 5]],
  ["?own=copies", []],
  ["?own=pressings", [4, 5]],
  ["?own=other", []],
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

/** @type {[string, number[]][]} */
const ORDERS = [
  ["added", [0, 1, 2, 3, 4, 5]],
  ["added-asc", [5, 4, 3, 2, 1, 0]],
  // rows 4 and 5 are alike: the lower instance id first
  ["artist", [1, 2, 5, 4, 3, 0]],
  ["artist-desc", [3, 0, 5, 4, 2, 1]],
  ["title", [5, 4, 2, 3, 0, 1]],
  ["year", [3, 0, 5, 4, 2, 1]],
  ["year-desc", [2, 5, 4, 0, 3, 1]],
];

for (const [sort, expected] of ORDERS) {
  test(`${sort} is ${expected}`, () => assert.deepEqual([...ordered(catalog, SETTINGS.sorts[sort] ?? [])], expected));
}

test("instance ids too large for a number keep their order", () => {
  const instances = ["9007199254740995", "9007199254740994", "9007199254740993", "99", "9223372036854775807", "9223372036854775806"];

  assert.deepEqual([...ordered(shelf({ copies: { instances } }), ["title", "artist"])], [5, 4, 2, 3, 0, 1]);
});

const order = Uint32Array.from({ length: 60 }, (_, place) => 59 - place);
const all = new Uint8Array(60).fill(1);
const even = all.map((_, row) => (row % 2 === 0 ? 1 : 0));

test("a page holds 25 rows in order", () => {
  const { page, pages, rows } = pageOf(order, { chosen: all, total: 60 }, 2, 25);

  assert.deepEqual([page, pages, rows.length, rows.at(0), rows.at(-1)], [2, 3, 25, 34, 10]);
});

test("the last page holds what is left", () => {
  assert.deepEqual(pageOf(order, { chosen: all, total: 60 }, 3, 25).rows, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
});

test("the page count follows the result, not the collection", () => {
  const { page, pages, rows } = pageOf(order, { chosen: even, total: 30 }, 2, 25);

  assert.deepEqual([page, pages, rows], [2, 2, [8, 6, 4, 2, 0]]);
});

test("a page past the end is the last", () => {
  assert.equal(pageOf(order, { chosen: all, total: 60 }, Number("9".repeat(400)), 25).page, 3);
  assert.deepEqual(pageOf(order, { chosen: even, total: 30 }, 3, 25).rows, [8, 6, 4, 2, 0]);
});

test("nothing is one empty page", () => {
  assert.deepEqual(pageOf(order, { chosen: new Uint8Array(60), total: 0 }, 4, 25), { page: 1, pages: 1, rows: [] });
});

test("the chosen rows are listed newest first", () => {
  assert.deepEqual(chosenRows(Uint8Array.of(0, 1, 1, 0, 1)), [1, 2, 4]);
});

test("a pick has no bias: every possible draw gives every ordered triple exactly once", () => {
  /** @type {Map<string, number>} */
  const seen = new Map();
  for (const one of [0, 1, 2, 3, 4]) {
    for (const two of [0, 1, 2, 3]) {
      for (const three of [0, 1, 2]) {
        const draws = [one, two, three];
        const triple = randomPicks(["a", "b", "c", "d", "e"], 3, () => draws.shift() ?? 0).join("");
        seen.set(triple, (seen.get(triple) ?? 0) + 1);
      }
    }
  }

  assert.equal(seen.size, 60);
  assert.deepEqual(new Set(seen.values()), new Set([1]));
  assert.ok([...seen.keys()].every((triple) => new Set(triple).size === 3));
});

test("a pick asks for one draw a place, each below what is left", () => {
  /** @type {number[]} */
  const bounds = [];
  randomPicks([1, 2, 3, 4], 3, (below) => {
    bounds.push(below);
    return below - 1;
  });

  assert.deepEqual(bounds, [4, 3, 2]);
});

test("a pick from too few is all of them", () => {
  assert.deepEqual(randomPicks(["only"], 3, () => 0), ["only"]);
  assert.deepEqual(randomPicks([], 3, () => 0), []);
});

test("a fair draw draws again what would favour small numbers", () => {
  // 2³² is 3 × 1431655765 + 1: the very last number would make 0 likelier.
  const drawn = [4294967295, 4294967294];

  assert.equal(fairDraw(() => drawn.shift() ?? 0)(3), 2);
  assert.deepEqual(drawn, []);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { chosenRows, fairDraw, pageOf, picked } from "../../assets/src/js/model/pages.js";

const order = Uint32Array.from({ length: 60 }, (_, place) => 59 - place);
const all = new Uint8Array(60).fill(1);
const even = all.map((_, row) => (row % 2 === 0 ? 1 : 0));

test("a page holds 25 rows in order", () => {
  const { page, pages, rows } = pageOf(order, all, 60, 2);

  assert.deepEqual([page, pages, rows.length, rows.at(0), rows.at(-1)], [2, 3, 25, 34, 10]);
});

test("the last page holds what is left", () => {
  assert.deepEqual(pageOf(order, all, 60, 3).rows, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
});

test("the page count follows the result, not the collection", () => {
  const { page, pages, rows } = pageOf(order, even, 30, 2);

  assert.deepEqual([page, pages, rows], [2, 2, [8, 6, 4, 2, 0]]);
});

test("a page past the end is the last", () => {
  assert.equal(pageOf(order, all, 60, Number("9".repeat(400))).page, 3);
  assert.deepEqual(pageOf(order, even, 30, 3).rows, [8, 6, 4, 2, 0]);
});

test("nothing is one empty page", () => {
  assert.deepEqual(pageOf(order, new Uint8Array(60), 0, 4), { page: 1, pages: 1, rows: [] });
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
        const triple = picked(["a", "b", "c", "d", "e"], 3, () => draws.shift() ?? 0).join("");
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
  picked([1, 2, 3, 4], 3, (below) => {
    bounds.push(below);
    return below - 1;
  });

  assert.deepEqual(bounds, [4, 3, 2]);
});

test("a pick from too few is all of them", () => {
  assert.deepEqual(picked(["only"], 3, () => 0), ["only"]);
  assert.deepEqual(picked([], 3, () => 0), []);
});

test("a fair draw draws again what would favour small numbers", () => {
  // 2³² is 3 × 1431655765 + 1: the very last number would make 0 likelier.
  const drawn = [4294967295, 4294967294];

  assert.equal(fairDraw(() => drawn.shift() ?? 0)(3), 2);
  assert.deepEqual(drawn, []);
});

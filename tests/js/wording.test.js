import assert from "node:assert/strict";
import { test } from "node:test";

import { constraints, parsedQuery } from "../../assets/src/js/model/query.js";
import { asked, day, emptiness, extent, grouped, place, records } from "../../assets/src/js/model/wording.js";
import { shelf } from "./shelf.js";

test("thousands are set apart", () => {
  assert.deepEqual([0, 7, 999, 1000, 1497, 1234567].map(grouped), ["0", "7", "999", "1,000", "1,497", "1,234,567"]);
});

test("one record is a record", () => {
  assert.deepEqual([0, 1, 2000].map(records), ["0 records", "1 record", "2,000 records"]);
});

test("a day is read from its number", () => {
  assert.deepEqual(day(0), { words: "1 January 1970", iso: "1970-01-01" });
  assert.deepEqual(day(20513), { words: "1 March 2026", iso: "2026-03-01" });
  assert.deepEqual(day(-1), { words: "31 December 1969", iso: "1969-12-31" });
});

/** @type {[number, number, number, string][]} */
const EXTENTS = [
  [1497, 1497, 0, "1,497 records"],
  [37, 1497, 0, "37 of 1,497 records"],
  [1497, 1497, 3, "3 at random from 1,497 records"],
  [2, 1497, 2, "2 at random from 2 of 1,497 records"],
  [0, 0, 0, "0 records"],
];

for (const [total, copies, picks, expected] of EXTENTS) {
  test(`the extent is told as ${expected}`, () => assert.equal(extent(total, copies, picks), expected));
}

test("the place among the pages", () => assert.equal(place(2, 4000), "Page 2 of 4,000"));

test("every constraint has a name, and one that matches nothing says so", () => {
  const { facets } = shelf();
  const query = parsedQuery("?genre=Rock&genre=-Skiffle&decade=unknown&decade=1850s&q=blue+note");

  assert.deepEqual(
    constraints(query).map((constraint) => asked(constraint, facets)),
    ["Genre: Rock", "Genre: not Skiffle (0)", "Decade: unknown", "Decade: 1850s (0)", "“blue note”"],
  );
});

test("emptiness says what to remove", () => {
  assert.equal(emptiness(0, 2, 0), "There are no records in this collection yet.");
  assert.equal(emptiness(9, 1, 1), "No record matches.");
  assert.equal(emptiness(9, 2, 1), "No record matches all of this. Remove one of these to see some:");
  assert.equal(emptiness(9, 3, 0), "No record matches, not even with one of these removed. Remove several:");
});

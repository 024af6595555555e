import assert from "node:assert/strict";
import { test } from "node:test";

import { constraintText, day, emptyText, extent, grouped, place, records, releasedText } from "../../assets/src/js/model/formatting.js";
import { constraints } from "../../assets/src/js/model/query.js";
import { asked, shelf } from "./shelf.js";

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
  [1497, 1497, 3, "Three picks from 1,497"],
  [2, 1497, 2, "Two picks from 2"],
  [1, 1497, 1, "One pick from 1"],
  [9, 9, 5, "5 picks from 9"],
  [0, 0, 0, "0 records"],
];

for (const [total, copies, picks, expected] of EXTENTS) {
  test(`${picks} picks of ${total} of ${copies} are "${expected}"`, () => assert.equal(extent(total, copies, picks), expected));
}

test("the place among the pages", () => assert.equal(place(2, 4000), "Page 2 of 4,000"));

test("a constraint on a value that does not occur has its number", () => {
  const query = asked(
    "?genre=Rock&genre=-Skiffle&genre=%2BElectronic&decade=unknown&decade=1850s&year=1963&artist=5&artist=-99" +
      "&label=name%3Aapple&added=2024&added=2024-10&own=pressings&q=blue+note",
  );

  assert.deepEqual(
    constraints(query).map((constraint) => constraintText(constraint, shelf().facet)),
    [
      ...["Genre: Rock", "Genre: not Skiffle (0)", "Genre: must be Electronic", "Decade: unknown", "Decade: 1850s (0)"],
      ...["Year: 1963", "Artist: Björk", "Artist: not 99 (0)", "Label: Apple", "Added: 2024", "Added: October 2024"],
      ...["Owned: more than one pressing", "“blue note”"],
    ],
  );
});

test("an empty result has a way out", () => {
  assert.equal(emptyText(1, 1), "Nothing matches this. Take it away:");
  assert.equal(emptyText(2, 1), "Nothing matches all of these. Take one away:");
  assert.equal(emptyText(3, 0), "Nothing matches, even with one of these taken away. Take several away:");
});

test("an original year stands before the pressing's", () => {
  const released = (/** @type {number | null} */ year, /** @type {number | null} */ pressing) => releasedText(/** @type {any} */ ({ year, pressing }));

  assert.equal(released(1959, 2010), "1959 (original), this pressing 2010");
  assert.equal(released(1959, null), "1959");
  assert.equal(released(null, null), "Year unknown");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { decoded, rowAt } from "../../assets/js/model/catalog.js";
import { ordersOf } from "../../assets/js/model/orders.js";
import { SHELF, shelf } from "./shelf.js";

/** @type {[import("../../assets/js/model/query.js").Sort, number[]][]} */
const ORDERS = [
  ["added", [0, 1, 2, 3, 4, 5]],
  ["added-asc", [5, 4, 3, 2, 1, 0]],
  // rows 4 and 5 are copies of one release: the lower instance id first
  ["artist", [1, 2, 5, 4, 3, 0]],
  ["artist-desc", [3, 0, 5, 4, 2, 1]],
  ["title", [5, 4, 2, 3, 0, 1]],
  ["year", [3, 0, 5, 4, 2, 1]],
  ["year-desc", [2, 5, 4, 0, 3, 1]],
];

for (const [sort, expected] of ORDERS) {
  test(`${sort} is ${expected}`, () => assert.deepEqual([...ordersOf(shelf())(sort)], expected));
}

test("instance ids too large for a number keep their order and their digits", () => {
  const instances = ["9007199254740995", "9007199254740994", "9007199254740993", "99", "9223372036854775807", "9223372036854775806"];
  const catalog = decoded({ ...structuredClone(SHELF), instances });

  assert.deepEqual([...ordersOf(catalog)("title")], [5, 4, 2, 3, 0, 1]);
  assert.deepEqual([0, 1, 4].map((row) => rowAt(catalog, row).instance), [instances[0], instances[1], instances[4]]);
});

test("a row is everything that is shown of it", () => {
  assert.deepEqual(rowAt(shelf(), 0), {
    instance: "3000000006",
    url: "https://www.discogs.com/release/106",
    credit: "The Beatles",
    title: "Help!",
    formats: ["Vinyl, LP"],
    label: { name: "Apple", number: "PCS 3071" },
    year: 1973,
    pressing: 2008,
    day: 20000,
    hue: 3,
    thumb: "https://i.example/a/6.jpeg",
  });
});

test("a row without label, year and picture says so", () => {
  const { label, year, pressing, thumb, day, instance } = rowAt(shelf(), 1);

  assert.deepEqual([label, year, pressing, thumb, day, instance], [{ name: "Warp", number: null }, null, null, null, 19999, "3000000005"]);
  assert.equal(rowAt(shelf(), 3).label, null);
});

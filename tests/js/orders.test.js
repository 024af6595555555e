import assert from "node:assert/strict";
import { test } from "node:test";

import { decoded } from "../../assets/src/js/model/catalog.js";
import { ordersOf } from "../../assets/src/js/model/orders.js";
import { SHELF, shelf } from "./shelf.js";

/** @type {[import("../../assets/src/js/model/query.js").Sort, number[]][]} */
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
  test(`${sort} is ${expected}`, () => assert.deepEqual([...ordersOf(shelf())(sort)], expected));
}

test("instance ids too large for a number keep their order", () => {
  const instances = ["9007199254740995", "9007199254740994", "9007199254740993", "99", "9223372036854775807", "9223372036854775806"];
  const catalog = decoded({ ...structuredClone(SHELF), instances });

  assert.deepEqual([...ordersOf(catalog)("title")], [5, 4, 2, 3, 0, 1]);
});

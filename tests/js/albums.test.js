import assert from "node:assert/strict";
import { test } from "node:test";

import { pressed, pressings, released } from "../../assets/src/js/model/albums.js";
import { decoded } from "../../assets/src/js/model/catalog.js";
import { SHELF, packed, shelf } from "./shelf.js";

/** One album in five releases, of which 101 is there twice. */
const album = () => {
  const releases = packed([105, 104, 101, 101, 106, 103]);
  return decoded(structuredClone({ ...SHELF, releases, albums: packed([0, 1, 1, 1, 1, 1]) }));
};

/**
 * @param {ReturnType<typeof shelf>} catalog
 * @param {number} index
 */
function found(catalog, index) {
  const { copies, others } = pressings(catalog, index);
  return [copies, others.map(({ releaseId, instance }) => [releaseId, instance])];
}

/**
 * @param {number | null} year
 * @param {number | null} pressing
 * @param {boolean} original
 */
const row = (year, pressing, original) => /** @type {any} */ ({ year, pressing, original });

test("the original year and the pressing's are told apart", () => {
  assert.equal(released(row(1959, 2010, true)), "1959, this pressing 2010");
  assert.equal(released(row(1959, null, true)), "1959, the original year");
  assert.equal(released(row(2010, null, false)), "2010, this pressing; original year unknown");
  assert.equal(released(row(null, null, false)), "Year unknown");
});

test("the year of a pressing is its own", () => {
  assert.deepEqual([row(1959, 2010, true), row(1959, null, true), row(null, null, false)].map(pressed), [2010, 1959, null]);
});

test("other pressings stand in the order of their years, those without one last", () => {
  const others = [["103", "3000000003"], ["104", "3000000004"], ["106", "3000000006"], ["105", "3000000005"]];

  assert.deepEqual(found(album(), 4), [2, others]);
  assert.deepEqual(found(album(), 5), [2, others]);
});

test("of another pressing the newest copy is named", () => {
  const [copies, others] = found(album(), 3);

  assert.deepEqual([copies, others], [
    1,
    [["101", "3000000002"], ["104", "3000000004"], ["106", "3000000006"], ["105", "3000000005"]],
  ]);
});

test("a record of another album is no pressing", () => {
  assert.deepEqual(found(shelf(), 0), [1, []]);
  assert.deepEqual(found(shelf(), 5), [1, [["102", "3000000002"]]]);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { openCatalog, pressed, pressings, rowAt, rowOf } from "../../assets/src/js/model/catalog.js";
import { SHELF, shelf } from "./shelf.js";

test("a row has everything that is shown of a copy", () => {
  assert.deepEqual(rowAt(shelf(), 0), {
    instance: "3000000006",
    releaseId: "106",
    url: "https://www.discogs.com/release/106",
    credit: "The Beatles",
    title: "Help!",
    formats: ["Vinyl, LP"],
    artists: [{ key: "7", name: "The Beatles" }],
    labels: [{ key: "name:apple", name: "Apple", number: "PCS 3071" }],
    year: 1973,
    pressing: 2008,
    genres: ["Rock"],
    styles: [],
    rating: 0,
    day: 20000,
    hue: 7,
  });
});

test("a row of several labels, formats and styles has them all", () => {
  const { labels, formats, genres, styles, rating } = rowAt(shelf(), 4);

  assert.deepEqual(labels, [
    { key: "21", name: "Blue Note", number: "BLP 1" },
    { key: "22", name: "Warp", number: "WARP 2" },
  ]);
  assert.deepEqual([formats, genres, styles, rating], [["CD", "DVD"], ["Electronic"], ["Dub"], 3]);
  assert.deepEqual(rowAt(shelf(), 1).styles, ["Dub", "House"]);
});

test("a row without number, year, label or format has none", () => {
  const { labels, year, pressing, day, instance } = rowAt(shelf(), 1);

  assert.deepEqual([labels, year, pressing], [[{ key: "22", name: "Warp", number: null }], null, null]);
  assert.deepEqual([day, instance], [19999, "3000000005"]);
  assert.deepEqual(rowAt(shelf(), 3).labels, []);
  assert.deepEqual(rowAt(shelf(), 5).formats, []);
});

test("a record without artists takes its hue from the title", () => {
  const { credit, hue } = rowAt(shelf({ values: { credits: ["!!!", "AC/DC", "Björk", [""], "Help!"] } }), 0);

  assert.deepEqual([credit, hue], ["", rowAt(shelf({ values: { credits: ["!!!", "AC/DC", "Björk", "Help!", "x"] } }), 0).hue]);
});

test("days are counted down from the first", () => {
  assert.deepEqual([...shelf().days], [20000, 19999, 19999, 19999, 19969, 19968]);
});

test("a copy is found by its instance id", () => {
  const catalog = shelf();

  assert.deepEqual(catalog.instances, [6, 5, 4, 3, 2, 1].map((last) => `300000000${last}`));
  assert.deepEqual(["3000000006", "3000000001", "7", ""].map((instance) => rowOf(catalog, instance)), [0, 5, -1, -1]);
});

test("copies of one release share everything but their own", () => {
  const { copies } = SHELF.columns;
  const catalog = shelf({
    copies: {
      releases: [...copies.releases, 4],
      instances: [9, 1, 1, 1, 1, 1, 1],
      added: [10, 0, 0, 0, 0, 0, 0],
      ratings: [...copies.ratings, 5],
    },
  });

  assert.deepEqual(rowAt(catalog, 6), { ...rowAt(catalog, 0), instance: "3", rating: 5 });
  assert.deepEqual(catalog.facets.map(({ rows }) => rows[6] === rows[0]), [true, true, true, true]);
});

test("ids too large for a number keep their digits", () => {
  const instances = ["9223372036854775807", "9007199254740995", "9007199254740994", "99", "98", "7"];
  const catalog = shelf({ copies: { instances }, releases: { ids: [105, 104, 101, 102, "9223372036854775806", 103] } });
  const { instance, releaseId, url } = rowAt(catalog, 0);

  assert.deepEqual([instance, releaseId], ["9223372036854775807", "9223372036854775806"]);
  assert.equal(url, "https://www.discogs.com/release/9223372036854775806");
  assert.equal(rowOf(catalog, "9007199254740994"), 2);
});

test("a catalog of nothing is a catalog", () => {
  const none = { ids: [], names: [], of: [] };
  const catalog = openCatalog({
    facets: SHELF.facets.map((facet) => ({ ...facet, values: [] })),
    covers: { origin: "https://i.example/", thumbs: "", covers: "" },
    columns: {
      values: { ties: { credits: [], titles: [] }, numbers: [], titles: [], credits: [], people: none, pressings: [], formats: [], years: [], labels: none, tags: [] },
      releases: { breaks: [], split: [], pressings: [], formats: [], years: [], labels: [], tags: [], titles: [], ids: [] },
      copies: { releases: [], instances: [], ratings: [], added: [] },
    },
  });

  assert.deepEqual([catalog.copies, catalog.instances, rowOf(catalog, "")], [0, [], -1]);
});

/** One album in five releases under four credits; release 101 is there twice. */
const album = () => shelf({ releases: { ids: [105, 104, 101, 101, 106, 103], split: [[2, 1], [4, 1], [5, 1]] }, copies: { releases: [4, 0, 1, 5, 2, 2] } });

/**
 * @param {ReturnType<typeof shelf>} catalog
 * @param {number} index
 */
function found(catalog, index) {
  const { copies, others } = pressings(catalog, index);
  return [copies, others.map(({ releaseId, instance }) => [releaseId, instance])];
}

test("other pressings stand in the order of their years, those without one last", () => {
  const others = [["103", "3000000003"], ["104", "3000000004"], ["106", "3000000006"]];

  assert.deepEqual(found(album(), 4), [2, others]);
  assert.deepEqual(found(album(), 5), [2, others]);
});

test("of another pressing the newest copy is named", () => {
  assert.deepEqual(found(album(), 3), [1, [["101", "3000000002"], ["104", "3000000004"], ["106", "3000000006"]]]);
});

test("a record of another album is no pressing", () => {
  assert.deepEqual(found(shelf(), 0), [1, []]);
  assert.deepEqual(found(shelf(), 5), [1, [["102", "3000000002"]]]);
});

test("the year of a pressing is its own", () => {
  const row = (/** @type {number | null} */ year, /** @type {number | null} */ pressing) => /** @type {any} */ ({ year, pressing });

  assert.deepEqual([row(1959, 2010), row(1959, null), row(null, null)].map(pressed), [2010, 1959, null]);
});

test("damaged columns are an error", () => {
  const whole = shelf();
  assert.equal(whole.copies, 6);

  for (const damage of [{ copies: { ratings: [0] } }, { copies: { releases: [0, 1, 2, 3, 4, 99] } }, { releases: { years: [] } }]) {
    assert.throws(() => shelf(damage), { message: "the columns of the catalog do not fit together" });
  }
});

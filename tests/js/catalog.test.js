import assert from "node:assert/strict";
import { test } from "node:test";

import { albumOf, decoded, rowAt, rowOf } from "../../assets/src/js/model/catalog.js";
import { SHELF, packed, shelf } from "./shelf.js";

test("a row is everything that is shown of it", () => {
  assert.deepEqual(rowAt(shelf(), 0), {
    instance: "3000000006",
    releaseId: "106",
    url: "https://www.discogs.com/release/106",
    credit: "The Beatles",
    title: "Help!",
    formats: ["Vinyl, LP"],
    labels: [{ name: "Apple", number: "PCS 3071" }],
    year: 1973,
    original: true,
    pressing: 2008,
    genres: ["Rock"],
    styles: [],
    rating: 0,
    day: 20000,
    hue: 3,
  });
});

test("a row of several labels, formats and styles has them all", () => {
  const { labels, formats, genres, styles, rating } = rowAt(shelf(), 4);

  assert.deepEqual(labels, [
    { name: "Blue Note", number: "BLP 1" },
    { name: "Warp", number: "WARP 2" },
  ]);
  assert.deepEqual([formats, genres, styles, rating], [["CD", "DVD"], ["Electronic"], ["Dub"], 3]);
  assert.deepEqual(rowAt(shelf(), 1).styles, ["Dub", "House"]);
});

test("a row without number, year or label says so", () => {
  const { labels, year, original, pressing, day, instance } = rowAt(shelf(), 1);

  assert.deepEqual([labels, year, original, pressing], [[{ name: "Warp", number: null }], null, false, null]);
  assert.deepEqual([day, instance], [19999, "3000000005"]);
  assert.deepEqual(rowAt(shelf(), 3).labels, []);
  assert.deepEqual(rowAt(shelf(), 5).formats, []);
});

test("a year that is only the pressing's is not the original one", () => {
  const { year, original, pressing } = rowAt(shelf(), 4);

  assert.deepEqual([year, original, pressing], [1976, false, null]);
});

test("days go down by what the steps say", () => {
  assert.deepEqual([...shelf().days], [20000, 19999, 19999, 19999, 19969, 19968]);
});

test("a copy is found by its instance id", () => {
  const catalog = shelf();

  assert.deepEqual(catalog.instances, [6, 5, 4, 3, 2, 1].map((last) => `300000000${last}`));
  assert.deepEqual(["3000000006", "3000000001", "7", ""].map((instance) => rowOf(catalog, instance)), [0, 5, -1, -1]);
});

test("pressings of one album share its number", () => {
  const albums = [0, 1, 2, 3, 4, 5].map((row) => albumOf(shelf(), row));

  assert.equal(albums[4], albums[5]);
  assert.equal(new Set(albums).size, 5);
});

test("copies of one edition share all but what is their own", () => {
  // a seventh copy, of what was met six new ones ago
  const catalog = decoded({
    ...structuredClone(SHELF),
    copies: 7,
    instances: { first: 9, steps: packed([0, 1, 1, 1, 1, 1, 1]) },
    added: { first: 10, steps: "" },
    ratings: packed([0, 0, 0, 0, 0, 0, 5]),
    editions: packed([0, 0, 0, 0, 0, 0, 6]),
  });

  assert.deepEqual(rowAt(catalog, 6), { ...rowAt(catalog, 0), instance: "3", rating: 5 });
  assert.equal(albumOf(catalog, 6), albumOf(catalog, 0));
  assert.deepEqual(catalog.facets.map(({ rows }) => rows[6] === rows[0]), [true, true, true, true]);
});

test("ids too large for a number keep their digits", () => {
  const instances = ["9223372036854775807", "9007199254740995", "9007199254740994", "99", "98", "7"];
  const releases = ["105", "104", "102", "101", "9223372036854775806", "103"];
  const catalog = decoded({ ...structuredClone(SHELF), instances, releases });
  const { instance, releaseId, url } = rowAt(catalog, 0);

  assert.deepEqual([instance, releaseId], ["9223372036854775807", "9223372036854775806"]);
  assert.equal(url, "https://www.discogs.com/release/9223372036854775806");
  assert.equal(rowOf(catalog, "9007199254740994"), 2);
});

test("a catalog of nothing is a catalog", () => {
  const none = { values: [], rows: "" };
  const catalog = decoded({
    schema: 2,
    copies: 0,
    facets: SHELF.facets.map((facet) => ({ ...facet, values: [] })),
    pictures: { origin: "https://i.example/", thumbs: "", covers: "" },
    instances: { first: 0, steps: "" },
    added: { first: 0, steps: "" },
    ratings: "",
    editions: "",
    credits: { lines: "", hues: "", names: {}, ties: [], rows: "" },
    releases: "",
    albums: "",
    titles: { texts: "", ties: [], rows: "" },
    years: none,
    pressings: none,
    labels: { names: "", sizes: "", rows: "", numbers: "" },
    formats: { sizes: "", displays: "", places: "", rows: "" },
    genres: { sizes: "", entries: "", rows: "" },
    styles: { sizes: "", entries: "", rows: "" },
  });

  assert.deepEqual([catalog.copies, catalog.instances, rowOf(catalog, "")], [0, [], -1]);
});

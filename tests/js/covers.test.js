import assert from "node:assert/strict";
import { test } from "node:test";

import { openCatalog } from "../../assets/src/js/model/catalog.js";
import { coversOf } from "../../assets/src/js/model/covers.js";
import { SHELF, shelf } from "./shelf.js";

/** The releases are 105, 104, 101, 102, 106 and 103: those of copies 1, 2, 5, 4, 0 and 3. */
const FILES = {
  "thumbs-1.json": {
    signatures: ["sleeves/a.png?x=1#y", "", "", "", "small", ""],
    options: ["", "rs:fit/h:150/w:150/"],
    cuts: [0, 0, 0, 0, 1, 0],
    names: ["", "", "", "", "1412272539-7128.jpeg", ""],
  },
  "covers-1.json": {
    signatures: ["sleeves/b.png", "own", "", "", "large", ""],
    options: ["", "rs:fit/h:604/w:600/"],
    cuts: [0, 1, 0, 0, 1, 0],
    names: ["", "1~?>.jpeg", "", "", "", ""],
  },
};

/** A server of the files, which keeps the names it was asked for. */
function served() {
  /** @type {string[]} */
  const asked = [];
  return { asked, fetchJson: async (/** @type {keyof FILES} */ name) => (asked.push(name), FILES[name]) };
}

test("nothing is fetched before it is needed", () => {
  const { asked, fetchJson } = served();
  const covers = coversOf(shelf().covers, fetchJson);

  assert.deepEqual([covers.thumb(0), covers.cover(0)], [null, null]);
  assert.deepEqual([covers.loaded("thumb"), covers.loaded("cover")], [false, false]);
  assert.deepEqual(asked, []);
});

test("small covers come in one file", async () => {
  const { asked, fetchJson } = served();
  const covers = coversOf(shelf().covers, fetchJson);
  await Promise.all([covers.load("thumb"), covers.load("thumb")]);
  await covers.load("thumb");

  // base64 of s3://discogs-database-images/R-106-1412272539-7128.jpeg, in pieces of sixteen
  const coded = "czM6Ly9kaXNjb2dz/LWRhdGFiYXNlLWlt/YWdlcy9SLTEwNi0x/NDEyMjcyNTM5LTcx/MjguanBlZw";
  assert.equal(covers.thumb(0), `https://i.example/small/rs:fit/h:150/w:150/${coded}.jpeg`);
  assert.equal(covers.thumb(1), "https://i.example/sleeves/a.png?x=1#y");
  assert.deepEqual([covers.thumb(2), covers.cover(0)], [null, null]);
  assert.deepEqual([covers.loaded("thumb"), covers.loaded("cover")], [true, false]);
  assert.deepEqual(asked, ["thumbs-1.json"]);
});

test("large covers share the names of the small ones", async () => {
  const { asked, fetchJson } = served();
  const covers = coversOf(shelf().covers, fetchJson);
  await covers.load("cover");

  const coded = "czM6Ly9kaXNjb2dz/LWRhdGFiYXNlLWlt/YWdlcy9SLTEwNi0x/NDEyMjcyNTM5LTcx/MjguanBlZw";
  assert.equal(covers.cover(0), `https://i.example/large/rs:fit/h:604/w:600/${coded}.jpeg`);
  assert.equal(covers.cover(1), "https://i.example/sleeves/b.png");
  // s3://discogs-database-images/R-104-1~?>.jpeg: plus and slash are minus and underscore
  const own = "czM6Ly9kaXNjb2dz/LWRhdGFiYXNlLWlt/YWdlcy9SLTEwNC0x/fj8-LmpwZWc";
  assert.equal(covers.cover(2), `https://i.example/own/rs:fit/h:604/w:600/${own}.jpeg`);
  assert.equal(covers.cover(3), null);
  assert.deepEqual([covers.loaded("thumb"), covers.loaded("cover")], [true, true]);
  assert.deepEqual(asked.toSorted(), ["covers-1.json", "thumbs-1.json"]);
});

test("a file that could not be fetched is fetched again", async () => {
  const { asked, fetchJson } = served();
  let down = true;
  const covers = coversOf(shelf().covers, (name) => (down ? Promise.reject(new Error(name)) : fetchJson(name)));

  await assert.rejects(covers.load("cover"));
  assert.equal(covers.loaded("cover"), false);
  down = false;
  await covers.load("cover");
  assert.equal(covers.loaded("cover"), true);
  assert.deepEqual(asked.toSorted(), ["covers-1.json", "thumbs-1.json"]);
});

test("a collection without covers has nothing to fetch", async () => {
  const { asked, fetchJson } = served();
  const files = { origin: "https://i.example/", thumbs: "", covers: "" };
  const covers = coversOf(openCatalog({ ...structuredClone(SHELF), covers: files }).covers, fetchJson);
  await covers.load("cover");

  assert.deepEqual([covers.thumb(0), covers.loaded("thumb"), covers.loaded("cover")], [null, true, true]);
  assert.deepEqual(asked, []);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { decoded } from "../../assets/src/js/model/catalog.js";
import { picturesOf } from "../../assets/src/js/model/pictures.js";
import { SHELF, packed, shelf } from "./shelf.js";

/** One line for each edition as it is met: a signed one, one of another kind, four without. */
const FILES = {
  "thumbs-1.json": {
    signatures: "small\nsleeves/a.png?x=1#y\n\n\n\n",
    options: ["", "rs:fit/h:150/w:150/"],
    rows: packed([1, 0, 0, 0, 0, 0]),
    names: "1412272539-7128.jpeg\n\n\n\n\n",
  },
  "covers-1.json": {
    signatures: "large\nsleeves/b.png\nown\n\n\n",
    options: ["", "rs:fit/h:604/w:600/"],
    rows: packed([1, 0, 1, 0, 0, 0]),
    names: "\n\n1~?>.jpeg\n\n\n",
  },
};

/** A server of the files, which remembers what it was asked for. */
function served() {
  /** @type {string[]} */
  const asked = [];
  return { asked, fetchJson: async (/** @type {keyof FILES} */ name) => (asked.push(name), FILES[name]) };
}

test("nothing is fetched before somebody asks", () => {
  const { asked, fetchJson } = served();
  const pictures = picturesOf(shelf().pictures, fetchJson);

  assert.deepEqual([pictures.thumb(0), pictures.cover(0)], [null, null]);
  assert.deepEqual([pictures.loaded("thumb"), pictures.loaded("cover")], [false, false]);
  assert.deepEqual(asked, []);
});

test("small pictures come in one file", async () => {
  const { asked, fetchJson } = served();
  const pictures = picturesOf(shelf().pictures, fetchJson);
  await Promise.all([pictures.load("thumb"), pictures.load("thumb")]);
  await pictures.load("thumb");

  // base64 of s3://discogs-database-images/R-106-1412272539-7128.jpeg, in pieces of sixteen
  const coded = "czM6Ly9kaXNjb2dz/LWRhdGFiYXNlLWlt/YWdlcy9SLTEwNi0x/NDEyMjcyNTM5LTcx/MjguanBlZw";
  assert.equal(pictures.thumb(0), `https://i.example/small/rs:fit/h:150/w:150/${coded}.jpeg`);
  assert.equal(pictures.thumb(1), "https://i.example/sleeves/a.png?x=1#y");
  assert.deepEqual([pictures.thumb(2), pictures.cover(0)], [null, null]);
  assert.deepEqual([pictures.loaded("thumb"), pictures.loaded("cover")], [true, false]);
  assert.deepEqual(asked, ["thumbs-1.json"]);
});

test("large pictures share the names of the small ones", async () => {
  const { asked, fetchJson } = served();
  const pictures = picturesOf(shelf().pictures, fetchJson);
  await pictures.load("cover");

  const coded = "czM6Ly9kaXNjb2dz/LWRhdGFiYXNlLWlt/YWdlcy9SLTEwNi0x/NDEyMjcyNTM5LTcx/MjguanBlZw";
  assert.equal(pictures.cover(0), `https://i.example/large/rs:fit/h:604/w:600/${coded}.jpeg`);
  assert.equal(pictures.cover(1), "https://i.example/sleeves/b.png");
  // s3://discogs-database-images/R-104-1~?>.jpeg: plus and slash are minus and underscore
  const own = "czM6Ly9kaXNjb2dz/LWRhdGFiYXNlLWlt/YWdlcy9SLTEwNC0x/fj8-LmpwZWc";
  assert.equal(pictures.cover(2), `https://i.example/own/rs:fit/h:604/w:600/${own}.jpeg`);
  assert.equal(pictures.cover(3), null);
  assert.deepEqual([pictures.loaded("thumb"), pictures.loaded("cover")], [true, true]);
  assert.deepEqual(asked.toSorted(), ["covers-1.json", "thumbs-1.json"]);
});

test("what could not be fetched is asked for again", async () => {
  const { asked, fetchJson } = served();
  let down = true;
  const pictures = picturesOf(shelf().pictures, (name) => (down ? Promise.reject(new Error(name)) : fetchJson(name)));

  await assert.rejects(pictures.load("cover"));
  assert.equal(pictures.loaded("cover"), false);
  down = false;
  await pictures.load("cover");
  assert.equal(pictures.loaded("cover"), true);
  assert.deepEqual(asked.toSorted(), ["covers-1.json", "thumbs-1.json"]);
});

test("a collection without pictures has nothing to fetch", async () => {
  const { asked, fetchJson } = served();
  const columns = { ...structuredClone(SHELF), pictures: { origin: "https://i.example/", thumbs: "", covers: "" } };
  const pictures = picturesOf(decoded(columns).pictures, fetchJson);
  await pictures.load("cover");

  assert.deepEqual([pictures.thumb(0), pictures.loaded("thumb"), pictures.loaded("cover")], [null, true, true]);
  assert.deepEqual(asked, []);
});

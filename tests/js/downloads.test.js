import assert from "node:assert/strict";
import { test } from "node:test";

import { csvOf, jsonOf } from "../../assets/src/js/model/downloads.js";

const LARGE = "9223372036854775807";
const instances = [LARGE, "12", "11"];

const HEAD = "Catalog#,Artist,Title,instance_id,genres";
const CSV = [`A 1,"Ann, Bob",Debut,${LARGE},Rock`, `,Ann,"Say ""},"" twice",12,`, ",Ann,Line\u2028break,11,Jazz"];
const published = { csv: [HEAD, ...CSV, ""].join("\r\n"), json: json("3", ...["0", "1", "2"].map(item)) };

/** @param {string} which */
function item(which) {
  const instance = instances[Number(which)];
  return `  {
   "instance_id": ${instance},
   "title": "  },\\n  { \\"items\\": [",
   "artists": [
    {
     "id": null
    },
    {
     "id": 1.0
    }
   ],
   "genres": []
  }`;
}

/**
 * @param {string} extent the number of copies, and what follows it
 * @param {...string} items
 */
function json(extent, ...items) {
  const list = items.length === 0 ? "[]" : `[\n${items.join(",\n")}\n ]`;
  return `{\n "schema": 1,\n "account": "ann",\n "copies": ${extent},\n "items": ${list}\n}\n`;
}

test("the CSV of a result has its lines in its order", () => {
  const wanted = { rows: [2, 0], instances, query: "" };

  assert.equal(csvOf(published.csv, wanted), [HEAD, CSV[2], CSV[0], ""].join("\r\n"));
});

test("the CSV of everything is the published one", () => {
  assert.equal(csvOf(published.csv, { rows: [0, 1, 2], instances, query: "" }), published.csv);
});

test("the CSV of nothing is its header", () => {
  assert.equal(csvOf(published.csv, { rows: [], instances, query: "" }), `${HEAD}\r\n`);
});

test("the JSON of a result has its items, their number and the query", () => {
  const wanted = { rows: [2, 0], instances, query: "?q=%22$&" };
  const expected = json('2,\n "query": "?q=%22$&"', item("2"), item("0"));

  assert.equal(jsonOf(published.json, wanted), expected);
});

test("the JSON of everything is the published one and the query", () => {
  const wanted = { rows: [0, 1, 2], instances, query: "" };

  assert.equal(jsonOf(published.json, wanted), published.json.replace('"copies": 3,', '"copies": 3,\n "query": "",'));
});

test("the JSON of nothing has no items", () => {
  assert.equal(jsonOf(published.json, { rows: [], instances, query: "" }), json('0,\n "query": ""'));
});

test("an empty collection is taken away empty", () => {
  const wanted = { rows: [], instances: [], query: "" };

  assert.equal(csvOf(`${HEAD}\r\n`, wanted), `${HEAD}\r\n`);
  assert.equal(jsonOf(json("0"), wanted), json('0,\n "query": ""'));
});

test("files of another reading are refused", () => {
  const others = [["12", "11"], ["13", "12", "11"], [LARGE, "12", "11", "10"]];

  for (const other of others) {
    const wanted = { rows: [0], instances: other, query: "" };
    assert.deepEqual([csvOf(published.csv, wanted), jsonOf(published.json, wanted)], [null, null]);
  }
});

test("what is no such file at all is refused", () => {
  const wanted = { rows: [0], instances, query: "" };

  assert.deepEqual([csvOf("<!doctype html>", wanted), jsonOf("<!doctype html>", wanted)], [null, null]);
});

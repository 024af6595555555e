import assert from "node:assert/strict";
import { test } from "node:test";

import { csvOf, jsonOf } from "../../assets/src/js/model/export.js";

const LARGE = "9223372036854775807";
const instances = [LARGE, "12", "11"];

const HEAD = "Catalog#,Artist,Title,instance_id,genres";
const CSV = [`A 1,"Ann, Bob",Debut,${LARGE},Rock`, `,Ann,"Say ""},"" twice",12,`, ",Ann,Line\u2028break,11,Jazz"];
const published = { csv: [HEAD, ...CSV, ""].join("\r\n"), json: `{"schema":1,"items":[${items([0, 1, 2])}],"copies":3,"account":"ann"}` };

/**
 * Items as they are published, in whatever layout.
 * @param {number[]} which
 */
function items(which) {
  return which.map((each) => `\n{"title":"},\\n { \\"items\\": [","instance_id":${instances[each]},"artists":[{"id":null},{"id":${LARGE}}]}`);
}

/**
 * The same items as they are exported.
 * @param {number[]} which
 * @param {string} query
 */
function exported(which, query) {
  const item = (/** @type {number} */ each) => `  {
   "title": "},\\n { \\"items\\": [",
   "instance_id": ${instances[each]},
   "artists": [
    {
     "id": null
    },
    {
     "id": ${LARGE}
    }
   ]
  }`;
  const list = which.length === 0 ? "[]" : `[\n${which.map(item).join(",\n")}\n ]`;
  return `{
 "schema": 1,
 "account": "ann",
 "copies": ${which.length},
 "query": ${JSON.stringify(query)},
 "items": ${list}
}
`;
}

test("the CSV of a result has its lines in its order", () => {
  assert.equal(csvOf(published.csv, { rows: [2, 0], instances, query: "" }), `\ufeff${[HEAD, CSV[2], CSV[0], ""].join("\r\n")}`);
});

test("the CSV of everything is the published one", () => {
  assert.equal(csvOf(published.csv, { rows: [0, 1, 2], instances, query: "" }), `\ufeff${published.csv}`);
});

test("the CSV of nothing is its header", () => {
  assert.equal(csvOf(published.csv, { rows: [], instances, query: "" }), `\ufeff${HEAD}\r\n`);
});

test("the JSON of a result has its items in its order, their number and the query, and every digit", () => {
  for (const [rows, query] of /** @type {[number[], string][]} */ ([[[2, 0], "?q=%22$&"], [[0, 1, 2], ""], [[], "?q=x"]])) {
    assert.equal(jsonOf(published.json, { rows, instances, query }), exported(rows, query));
  }
});

test("an empty collection is exported empty", () => {
  const wanted = { rows: [], instances: [], query: "" };

  assert.equal(csvOf(`${HEAD}\r\n`, wanted), `\ufeff${HEAD}\r\n`);
  assert.equal(jsonOf('{"schema":1,"account":"ann","copies":0,"items":[]}', wanted), exported([], ""));
});

test("files of another version of the collection are refused", () => {
  const others = [["12", "11"], ["13", "12", "11"], [LARGE, "12", "11", "10"]];

  for (const other of others) {
    const wanted = { rows: [0], instances: other, query: "" };
    assert.deepEqual([csvOf(published.csv, wanted), jsonOf(published.json, wanted)], [null, null]);
  }
});

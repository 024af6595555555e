import assert from "node:assert/strict";
import { test } from "node:test";

import { rowAt } from "../../assets/src/js/model/catalog.js";
import { parsedQuery } from "../../assets/src/js/model/query.js";
import { resultsOver } from "../../assets/src/js/model/results.js";
import { shelf } from "./shelf.js";

const catalog = shelf();
const results = resultsOver(catalog);

test("a query is answered with its rows in its order", () => {
  const { total, page, pages, rows } = results(parsedQuery("?genre=Rock&q=1&sort=year&page=7"));

  assert.deepEqual([total, page, pages], [3, 1, 1]);
  assert.deepEqual(
    rows.map((row) => rowAt(catalog, row).year),
    [1963, 1973, 1979],
  );
});

test("two copies of one release are two rows", () => {
  const { rows } = results(parsedQuery("?q=debut"));

  assert.deepEqual(
    rows.map((row) => rowAt(catalog, row).instance),
    ["3000000002", "3000000001"],
  );
});

test("the page count follows the search", () => {
  assert.equal(results(parsedQuery("?q=nothing+like+it")).pages, 1);
  assert.equal(results(parsedQuery("?q=nothing+like+it")).total, 0);
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { pressingOf } from "../../assets/src/js/model/pressing.js";

/** @type {[string[], string, string, string, string][]} also tests/derive/test_pressing.py reads them */
const PRESSINGS = JSON.parse(readFileSync(new URL("pressing.json", import.meta.url), "utf8"));

for (const [formats, kind, colour, pattern, words] of PRESSINGS) {
  test(`${formats.join(" + ") || "nothing"} is ${words || "nothing"}`, () =>
    assert.deepEqual(pressingOf(formats), { kind, colour, pattern, words }));
}

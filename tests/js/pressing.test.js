import assert from "node:assert/strict";
import { test } from "node:test";

import { pressingOf } from "../../assets/src/js/model/pressing.js";

/** @type {[string[], string, string, string, string][]} */
const PRESSINGS = [
  [["Vinyl, LP, Album"], "vinyl", "", "", "Vinyl"],
  [["2×Vinyl, LP, Reissue, Green Marbled"], "vinyl", "green", "marbled", "marbled green 2×vinyl"],
  [["All Media, Limited Edition", "Vinyl, 7\", Clear"], "vinyl", "", "clear", "clear vinyl"],
  [["Vinyl, LP, Violet Splatter"], "vinyl", "purple", "splatter", "splatter violet vinyl"],
  [["Vinyl, LP, Red/White Split"], "vinyl", "red", "split", "split red vinyl"],
  [["Shellac, 10\""], "vinyl", "", "", "Shellac"],
  [["CD, Album"], "silver", "", "", "CD"],
  [["Cassette, Album, Clear Shell"], "", "", "", "Cassette"],
  [["10×File, MP3"], "", "", "", "10×File"],
  [[], "", "", "", ""],
];

for (const [formats, kind, colour, pattern, words] of PRESSINGS) {
  test(`${formats.join(" + ") || "nothing"} is ${words || "nothing"}`, () =>
    assert.deepEqual(pressingOf(formats), { kind, colour, pattern, words }));
}

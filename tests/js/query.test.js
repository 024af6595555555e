import assert from "node:assert/strict";
import { test } from "node:test";

import { address, changed, cleared, constraints, toggled } from "../../assets/src/js/model/query.js";
import { GRAMMAR, asked } from "./shelf.js";

const EVERYTHING = asked("");

test("no address is everything, newest first", () => {
  const nothing = { included: [], excluded: [] };

  assert.deepEqual(EVERYTHING, {
    grammar: GRAMMAR,
    choices: { genre: nothing, style: nothing, format: nothing, decade: nothing },
    search: "",
    sort: "added",
    page: 1,
  });
  assert.equal(address(EVERYTHING), "");
  assert.deepEqual(cleared(asked("?genre=Rock&q=x&sort=year&page=2")), EVERYTHING);
});

test("the whole grammar is read", () => {
  const text =
    "?genre=Jazz&genre=Rock&style=-Smooth+Jazz&style=-Bop&format=Vinyl&decade=1970s&decade=unknown" +
    "&q=blue+note&sort=artist&page=2";

  assert.deepEqual(asked(text), {
    grammar: GRAMMAR,
    choices: {
      genre: { included: ["Jazz", "Rock"], excluded: [] },
      style: { included: [], excluded: ["Smooth Jazz", "Bop"] },
      format: { included: ["Vinyl"], excluded: [] },
      decade: { included: ["1970s", "unknown"], excluded: [] },
    },
    search: "blue note",
    sort: "artist",
    page: 2,
  });
  assert.equal(address(asked(text)), text);
});

/** @type {[string, string, string][]} */
const CANONICAL = [
  ["an empty value is ignored", "?genre=&genre=-", ""],
  ["unknown parameters are left out", "?utm_source=x&genre=Rock#there", "?genre=Rock%23there"],
  ["an unknown sort is the default", "?sort=loudest", ""],
  ["the default sort is left out", "?sort=added", ""],
  ["of a doubled single value the last counts", "?q=a&sort=title&page=2&q=b&sort=year&page=3", "?q=b&sort=year&page=3"],
  ["a doubled sort whose last is unknown is the default", "?sort=title&sort=x", ""],
  ["a repeated value counts once", "?genre=A&genre=A&genre=-B&genre=-B", "?genre=A&genre=-B"],
  ["a value on both sides stays on both", "?genre=A&genre=-A", "?genre=A&genre=-A"],
  ["only the first hyphen excludes", "?genre=--A", "?genre=--A"],
  ["values that do not occur are kept", "?genre=Skiffle+%26+Co", "?genre=Skiffle+%26+Co"],
  ["page 1 is left out", "?page=1", ""],
  ["leading zeros are read", "?page=007", "?page=7"],
  ["no page", "?page=", ""],
  ["page 0", "?page=0", ""],
  ["page -2", "?page=-2", ""],
  ["page 1.5", "?page=1.5", ""],
  ["page 1e3", "?page=1e3", ""],
  ["page words", "?page=two", ""],
  ["a search of spaces is none", "?q=+++", ""],
];

for (const [name, given, expected] of CANONICAL) {
  test(`address: ${name}`, () => assert.equal(address(asked(given)), expected));
}

test("a value pressed again is taken off", () => {
  const once = toggled(EVERYTHING, "genre", "Rock", "included");
  const twice = toggled(once, "genre", "Rock", "included");

  assert.equal(address(once), "?genre=Rock");
  assert.equal(address(twice), "");
});

test("a value excluded is no longer included", () => {
  const included = toggled(EVERYTHING, "style", "Dub", "included");

  assert.equal(address(toggled(included, "style", "Dub", "excluded")), "?style=-Dub");
});

test("any change but of the page goes to page 1", () => {
  const third = asked("?genre=Rock&page=3");

  assert.equal(address(changed(third, { page: 4 })), "?genre=Rock&page=4");
  assert.equal(address(changed(third, { search: "x" })), "?genre=Rock&q=x");
  assert.equal(address(changed(third, { sort: "year" })), "?genre=Rock&sort=year");
  assert.equal(address(toggled(third, "format", "CD", "excluded")), "?genre=Rock&format=-CD");
});

test("every constraint says what is left without it", () => {
  const query = asked("?genre=Jazz&decade=-1970s&q=+blue&page=2");

  assert.deepEqual(
    constraints(query).map(({ kind, side, value, without }) => [kind, side, value, address(without)]),
    [
      ["genre", "included", "Jazz", "?decade=-1970s&q=+blue"],
      ["decade", "excluded", "1970s", "?genre=Jazz&q=+blue"],
      ["search", "included", "blue", "?genre=Jazz&decade=-1970s"],
    ],
  );
});

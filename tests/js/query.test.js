import assert from "node:assert/strict";
import { test } from "node:test";

import { address, changed, cleared, constraints, matching, toggled } from "../../assets/src/js/model/query.js";
import { GRAMMAR, asked } from "./shelf.js";

const EVERYTHING = asked("");
const NONE = { included: [], excluded: [], required: [] };
const CHOICES = Object.fromEntries(GRAMMAR.facets.map((facet) => [facet, NONE]));

test("no address is everything, newest first", () => {

  assert.deepEqual(EVERYTHING, {
    grammar: GRAMMAR,
    choices: CHOICES,
    search: "",
    sort: "added",
    page: 1,
    view: "",
  });
  assert.equal(address(EVERYTHING), "");
  assert.deepEqual(cleared(asked("?genre=Rock&q=x&sort=year&page=2")), EVERYTHING);
});

test("the whole grammar is read", () => {
  const text =
    "?genre=Jazz&genre=Rock&genre=%2BBlues&style=-Smooth+Jazz&style=-Bop&format=Vinyl&decade=1970s" +
    "&decade=unknown&year=1959&artist=5&artist=name%3Aac%2Fdc&label=-21&added=2020-01&own=copies" +
    "&q=blue+note&sort=artist&page=2&view=wall";

  assert.deepEqual(asked(text), {
    grammar: GRAMMAR,
    choices: {
      genre: { included: ["Jazz", "Rock"], excluded: [], required: ["Blues"] },
      style: { ...NONE, excluded: ["Smooth Jazz", "Bop"] },
      format: { ...NONE, included: ["Vinyl"] },
      decade: { ...NONE, included: ["1970s", "unknown"] },
      year: { ...NONE, included: ["1959"] },
      artist: { ...NONE, included: ["5", "name:ac/dc"] },
      label: { ...NONE, excluded: ["21"] },
      added: { ...NONE, included: ["2020-01"] },
      own: { ...NONE, included: ["copies"] },
    },
    search: "blue note",
    sort: "artist",
    page: 2,
    view: "wall",
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
  ["only the first hyphen excludes", "?genre=--A", "?genre=-%5C-A"],
  ["a mark makes a sign a part of the value", "?genre=%5C-A&genre=%2B%5C%2BB&genre=-%5C%5CC", "?genre=%5C-A&genre=-%5C%5CC&genre=%2B%5C%2BB"],
  ["a sign alone is ignored", "?genre=%2B&genre=%5C&genre=-%5C", ""],
  ["values that do not occur are kept", "?genre=Skiffle+%26+Co", "?genre=Skiffle+%26+Co"],
  ["page 1 is left out", "?page=1", ""],
  ["rows are left out", "?view=rows", ""],
  ["an unknown view is left out", "?view=covers&view=shelves", ""],
  ["another view stays", "?page=2&view=covers", "?page=2&view=covers"],
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
  assert.equal(address(changed(third, { view: "wall" })), "?genre=Rock&page=3&view=wall");
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

test("the chosen values of a facet are all required, or any of them is enough", () => {
  const some = asked("?genre=Rock&genre=-Blues&genre=%2BJazz&page=3");

  assert.equal(address(matching(some, "genre", true)), "?genre=-Blues&genre=%2BRock&genre=%2BJazz");
  assert.equal(address(matching(some, "genre", false)), "?genre=Rock&genre=Jazz&genre=-Blues");
  assert.deepEqual(matching(EVERYTHING, "genre", true), EVERYTHING);
});

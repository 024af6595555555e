/** A shelf of six copies, written as the generator writes a catalog, newest first. */

import { decoded } from "../../assets/src/js/model/catalog.js";

const DIGITS = " !#$%'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~";

/**
 * Numbers as the generator packs them.
 * @param {number[]} numbers
 */
export function packed(numbers) {
  let text = "";
  for (let scale = 1; numbers.some((number) => number >= scale); scale *= 89) {
    text = numbers.map((number) => DIGITS[Math.floor(number / scale) % 89]).join("") + text;
  }
  return text;
}

/** The six editions by credit: those of copies 1, 2, 4, 5, 0 and 3. */
export const SHELF = {
  schema: 2,
  copies: 6,
  facets: [
    { name: "genre", title: "Genre", values: ["Rock", "Electronic", "-Odd"] },
    { name: "style", title: "Style", values: ["Dub", "House"] },
    { name: "format", title: "Format", values: ["Vinyl", "CD"] },
    { name: "decade", title: "Decade", values: ["1960s", "1970s", "unknown"] },
  ],
  pictures: { origin: "https://i.example/", thumbs: "thumbs-1.json", covers: "covers-1.json" },
  instances: { first: 3000000006, steps: packed([0, 1, 1, 1, 1, 1]) },
  added: { first: 20000, steps: packed([0, 1, 0, 0, 59, 1]) },
  ratings: packed([0, 5, 0, 0, 3, 0]),
  editions: "",
  credits: {
    // !!!, AC/DC, Björk & Œuvre, The Beatles, Beatles: by sort name; the last two tie.
    lines: "!!!\nAC/DC\nBjörk & Œuvre\nThe Beatles\nBeatles",
    hues: packed([0, 1, 2, 3, 4]),
    names: { 2: ["Björk", "Guðmundsdóttir", "Œuvre"] },
    ties: [4],
    rows: packed([3, 0, 1, 4, 2, 2]),
  },
  releases: packed([105, 104, 102, 101, 106, 103]),
  albums: packed([0, 0, 0, 1, 0, 0]),
  titles: { texts: "Debut\nHighway to Hell\nHelp!\n!!!", ties: [], rows: packed([3, 1, 0, 0, 2, 2]) },
  years: { values: [0, 1963, 1973, 1976, 1979], rows: packed([0, 4, 3, 3, 2, 1]) },
  pressings: { values: [0, 1, 2008], rows: packed([0, 0, 1, 1, 2, 0]) },
  labels: {
    names: "Apple\nBlue Note\nWarp",
    sizes: packed([1, 1, 2, 2, 1, 0]),
    rows: packed([2, 1, 1, 2, 1, 2, 0]),
    // by label: Apple; Blue Note three times; Warp without a number, then twice with one
    numbers: "PCS 3071\nBLP-4003\nBLP 1\nBLP 1\n\nWARP 2\nWARP 2",
  },
  formats: {
    sizes: packed([1, 2, 0]),
    displays: "Vinyl, LP\nCD\nDVD",
    places: packed([0, 1, 0]),
    rows: packed([1, 0, 1, 2, 0, 0]),
  },
  genres: { sizes: packed([0, 1, 1, 2]), entries: packed([0, 1, 0, 1]), rows: packed([3, 1, 2, 0, 1, 1]) },
  styles: { sizes: packed([0, 1, 2]), entries: packed([0, 0, 1]), rows: packed([2, 0, 1, 1, 0, 0]) },
};

export const shelf = () => decoded(structuredClone(SHELF));

/** A collection of six copies, written as the generator writes a catalog, newest first. */

import { openCatalog } from "../../assets/src/js/model/catalog.js";
import { parsedQuery } from "../../assets/src/js/model/query.js";

/** @import { Embedded } from "../../assets/src/js/model/catalog.js" */
/** @import { Settings } from "../../assets/src/js/model/query.js" */

/** @type {Settings} */
export const SETTINGS = {
  page_size: 25,
  picks: 3,
  printed: 20_000,
  facet_short: 8,
  facet_long: 12,
  facet_found: 50,
  sorts: {
    added: ["added"],
    "added-asc": ["-added"],
    artist: ["artist", "year", "title"],
    "artist-desc": ["-artist", "year", "title"],
    title: ["title", "artist"],
    year: ["year", "artist", "title"],
    "year-desc": ["-year", "artist", "title"],
  },
};

export const GRAMMAR = { facets: ["genre", "style", "format", "decade", "year", "artist", "label", "added", "own"], sorts: Object.keys(SETTINGS.sorts), views: ["rows", "covers", "wall"] };

/** @param {string} address */
export const asked = (address) => parsedQuery(address, GRAMMAR);

/** The releases stand by credit: those of copies 1, 2, 5, 4, 0 and 3. @type {Embedded} */
export const SHELF = {
  facets: [
    { name: "genre", title: "Genre", values: ["Rock", "Electronic", "-Odd"] },
    { name: "style", title: "Style", values: ["Dub", "House"] },
    { name: "format", title: "Format", values: ["Vinyl", "CD"] },
    { name: "decade", title: "Decade", values: ["1960s", "1970s", "unknown"] },
  ],
  covers: { origin: "https://i.example/", thumbs: "thumbs-1.json", covers: "covers-1.json" },
  columns: {
    values: {
      ties: { credits: [4], titles: [] },
      numbers: ["BLP 1", "WARP 2", "BLP 1", "WARP 2", "PCS 3071", "BLP-4003", ""],
      titles: ["Debut", "Highway to Hell", "Help!", "!!!"],
      // By sort name; the last two tie.
      credits: ["!!!", "AC/DC", ["Björk & Œuvre", "Björk", "Guðmundsdóttir", "Œuvre"], "The Beatles", "Beatles"],
      people: { ids: [3, "name:ac/dc", 5, 6, 7, 8], names: ["", "", "Björk", "Œuvre", "", ""], of: [0, 0, [3, 4], 0, 0] },
      pressings: [0, 2008],
      formats: [[0, "Vinyl, LP"], [1, "CD", "DVD"], [0]],
      years: [1976, 0, 1963, 1973, 1979],
      labels: { ids: [21, 22, "name:apple"], names: ["Blue Note", "Warp", "Apple"], of: [[1, 2], 0, 1, 2, []] },
      tags: [[[0], []], [[0, 1], [0, 1]], [[], [0]], [[1], [0]]],
    },
    releases: {
      breaks: [3, 3, 3, 0, 3, 3],
      split: [],
      pressings: [1, 0, 0, 0, 2, 1],
      formats: [2, 1, 3, 2, 1, 0],
      years: [2, 5, 1, 0, 4, 3],
      labels: [4, 3, 1, 0, 2, 5],
      tags: [2, 1, 3, 4, 1, 0],
      titles: [3, 1, 0, 2, 2],
      ids: [105, 104, 101, 102, 106, 103],
    },
    copies: {
      releases: [4, 0, 1, 5, 3, 2],
      instances: [3000000006, 1, 1, 1, 1, 1],
      ratings: [0, 5, 0, 0, 3, 0],
      added: [20000, 1, 0, 0, 30, 1],
    },
  },
};

/** The shelf with some of its columns replaced. @param {Record<string, Record<string, unknown>>} [columns] */
export function shelf(columns = {}) {
  const embedded = structuredClone(SHELF);
  for (const [group, changes] of Object.entries(columns)) Object.assign(/** @type {any} */ (embedded.columns)[group], changes);
  return openCatalog(embedded);
}

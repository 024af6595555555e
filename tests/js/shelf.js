/** A shelf of six copies, written as the generator writes a catalog, newest first. */

import { decoded } from "../../assets/js/model/catalog.js";

export const SHELF = {
  schema: 1,
  copies: 6,
  instances: [3000000006, -1, -1, -1, -1, -1],
  releases: [106, 105, 104, 103, 102, 102],
  added: [20000, -1, 0, 0, -30, -1],
  years: [1973, 0, 1979, 1963, 1976, 1976],
  pressings: [2008, 0, 0, 0, 0, 0],
  credits: {
    // !!!, AC/DC, Björk & Œuvre, The Beatles, Various: by sort name; the last two tie for the test.
    lines: ["!!!", "AC/DC", "Björk & Œuvre", "The Beatles", "Beatles"],
    hues: [0, 1, 2, 3, 4],
    names: { 2: ["Björk", "Guðmundsdóttir", "Œuvre"] },
    ties: [4],
    rows: [3, 0, 1, 4, 2, 2],
  },
  titles: { texts: ["Debut", "Highway to Hell", "Help!", "!!!"], ties: [], rows: [2, 3, 1, 2, 0, 0] },
  labels: {
    names: ["Apple", "Blue Note", "Warp"],
    rows: [[0], [2], [1], [], [1, 2], [1, 2]],
    numbers: [["PCS 3071"], [null], ["BLP-4003"], [], ["BLP 1", "WARP 2"], ["BLP 1", "WARP 2"]],
  },
  formats: { displays: [["Vinyl, LP"], ["CD"], []], rows: [0, 1, 0, 0, 1, 2] },
  facets: [
    {
      name: "genre",
      title: "Genre",
      values: ["Rock", "Electronic", "-Odd"],
      sets: [[], [0], [1], [0, 1], [2]],
      rows: [1, 3, 1, 1, 2, 0],
    },
    { name: "style", title: "Style", values: ["Dub", "House"], sets: [[], [0], [0, 1]], rows: [0, 2, 0, 0, 1, 1] },
    { name: "format", title: "Format", values: ["Vinyl", "CD"], sets: [[0], [1]], rows: [0, 1, 0, 0, 1, 0] },
    {
      name: "decade",
      title: "Decade",
      values: ["1960s", "1970s", "unknown"],
      sets: [[0], [1], [2]],
      rows: [1, 2, 1, 0, 1, 1],
    },
  ],
  thumbs: { origin: "https://i.example/", rows: ["a/6.jpeg", null, null, null, null, null] },
};

export const shelf = () => decoded(structuredClone(SHELF));

/** Covers: the addresses of small and large covers, fetched when they are first needed. */

import { at } from "./catalog.js";

/** @import { Catalog } from "./catalog.js" */

/** @typedef {"thumb" | "cover"} Size */
/** @typedef {{ signatures: string[], options: string[], cuts: number[], names: string[] }} Columns as generator/derive/covers.py writes them */

/**
 * @typedef {object} Covers
 * @property {(index: number) => string | null} thumb null for none, or none yet
 * @property {(index: number) => string | null} cover
 * @property {(size: Size) => Promise<void>} load
 * @property {(size: Size) => boolean} loaded
 */

const STEM = "s3://discogs-database-images/R-";

/**
 * @param {Catalog["covers"]} files
 * @param {(name: string) => Promise<any>} fetchJson
 * @returns {Covers}
 */
export function coversOf({ origin, thumbs, covers, ofCopy, ids }, fetchJson) {
  /** @type {Map<Size, Columns>} */
  const found = new Map();
  /** @type {Map<Size, Promise<void>>} */
  const loading = new Map();

  /** @param {Size} size */
  async function fetched(size) {
    const name = size === "thumb" ? thumbs : covers;
    if (name === "") return;
    // Both sizes share the images' names, which are in the file of the small ones.
    const [columns] = await Promise.all([fetchJson(name), size === "cover" && load("thumb")]);
    found.set(size, columns);
  }

  /** @param {Size} size */
  function load(size) {
    const promise = loading.get(size) ?? fetched(size);
    loading.set(size, promise);
    promise.catch(() => loading.delete(size));
    return promise;
  }

  /**
   * @param {Size} size
   * @param {number} index
   */
  function address(size, index) {
    const release = at(ofCopy, index);
    const columns = found.get(size);
    const signature = columns && at(columns.signatures, release);
    if (!signature) return null;
    const options = at(columns.options, at(columns.cuts, release));
    if (options === "") return origin + signature;
    const name = at(columns.names, release) || at(found.get("thumb")?.names ?? [], release);
    const coded = btoa(`${STEM}${at(ids, release)}-${name}`).replaceAll("=", "");
    const pieces = coded.replaceAll("+", "-").replaceAll("/", "_").replace(/.{16}(?=.)/g, "$&/");
    return `${origin}${signature}/${options}${pieces}.jpeg`;
  }

  return {
    thumb: (index) => address("thumb", index),
    cover: (index) => address("cover", index),
    load,
    loaded: (size) => found.has(size) || (size === "thumb" ? thumbs : covers) === "",
  };
}

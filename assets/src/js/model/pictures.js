/** Pictures: the addresses of small and large covers, fetched when they are first needed. */

import { at, lines, numbers } from "./columns.js";

/** @import { Catalog } from "./catalog.js" */

/** @typedef {"thumb" | "cover"} Size */
/** @typedef {{ signatures: string, options: string[], rows: string, names: string }} Columns */
/** @typedef {{ signatures: () => string[], options: string[], rows: ArrayLike<number>, names: () => string[] }} Addresses */

/**
 * @typedef {object} Pictures
 * @property {(index: number) => string | null} thumb null for none, or none yet
 * @property {(index: number) => string | null} cover
 * @property {(size: Size) => Promise<void>} load
 * @property {(size: Size) => boolean} loaded
 */

const STEM = "s3://discogs-database-images/R-";

/**
 * @param {Catalog["pictures"]} files
 * @param {(name: string) => Promise<any>} fetchJson
 * @returns {Pictures}
 */
export function picturesOf({ origin, thumbs, covers, editions, places, releases }, fetchJson) {
  /** @type {Map<Size, Addresses>} */
  const found = new Map();
  /** @type {Map<Size, Promise<void>>} */
  const loading = new Map();

  /** @param {Size} size */
  async function fetched(size) {
    const name = size === "thumb" ? thumbs : covers;
    if (name === "") return;
    // Both sizes share the pictures' names, which are in the file of the small ones.
    const [columns] = await Promise.all([fetchJson(name), size === "cover" && load("thumb")]);
    found.set(size, opened(columns, releases.length));
  }

  /** @param {Size} size */
  function load(size) {
    const under = loading.get(size) ?? fetched(size);
    loading.set(size, under);
    under.catch(() => loading.delete(size));
    return under;
  }

  /**
   * @param {Size} size
   * @param {number} index
   */
  function address(size, index) {
    const edition = at(editions, index);
    const columns = found.get(size);
    const signature = columns && at(columns.signatures(), edition);
    if (!signature) return null;
    const options = at(columns.options, at(columns.rows, edition));
    if (options === "") return origin + signature;
    const name = at(columns.names(), edition) || at(found.get("thumb")?.names() ?? [], edition);
    const coded = btoa(`${STEM}${at(releases, at(places, index))}-${name}`).replaceAll("=", "");
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

/**
 * @param {Columns} columns
 * @param {number} editions
 * @returns {Addresses}
 */
function opened({ signatures, options, rows, names }, editions) {
  return { signatures: lines(signatures), options, rows: numbers(rows, editions), names: lines(names) };
}

/** Pages and random picks: which of the chosen rows are shown. */

import { at } from "./columns.js";

export const PAGE_SIZE = 25;
export const PICKS = 3;

/** @typedef {{ page: number, pages: number, rows: number[] }} Page */

/**
 * The rows of a page, in order. A page past the last one is the last one; there is always one.
 * @param {Uint32Array} order
 * @param {Uint8Array} chosen 1 for each row that matches
 * @param {number} total how many match
 * @param {number} asked from 1
 * @returns {Page}
 */
export function pageOf(order, chosen, total, asked) {
  const pages = Math.max(1, Math.ceil(total / PAGE_SIZE));
  const page = Math.min(asked, pages);
  const first = (page - 1) * PAGE_SIZE;
  /** @type {number[]} */
  const rows = [];
  let seen = 0;
  for (const row of order) {
    if (chosen[row] !== 1) continue;
    if (seen++ >= first) rows.push(row);
    if (rows.length === PAGE_SIZE) break;
  }
  return { page, pages, rows };
}

/**
 * The rows that are chosen, newest first.
 * @param {Uint8Array} chosen
 * @returns {number[]}
 */
export function chosenRows(chosen) {
  /** @type {number[]} */
  const rows = [];
  chosen.forEach((found, row) => {
    if (found === 1) rows.push(row);
  });
  return rows;
}

/**
 * Some of the entries, none twice, every choice and order of them equally likely (Fisher–Yates).
 * @template Entry
 * @param {readonly Entry[]} entries
 * @param {number} most
 * @param {(below: number) => number} draw a whole number from 0, each below the bound equally likely
 * @returns {Entry[]}
 */
export function picked(entries, most, draw) {
  const pool = [...entries];
  const number = Math.min(most, pool.length);
  for (let place = 0; place < number; place++) {
    const other = place + draw(pool.length - place);
    [pool[place], pool[other]] = [at(pool, other), at(pool, place)];
  }
  return pool.slice(0, number);
}

/**
 * A draw without bias from 32-bit randomness: what would favour the small numbers is drawn again.
 * @param {() => number} random32 a random whole number below 2³²
 * @returns {(below: number) => number}
 */
export function fairDraw(random32) {
  return (below) => {
    const usable = 2 ** 32 - (2 ** 32 % below);
    let drawn = random32();
    while (drawn >= usable) drawn = random32();
    return drawn % below;
  };
}

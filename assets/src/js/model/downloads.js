/**
 * The files of a result, cut as text out of the published ones, whose records stand in the order
 * of the catalog: numbers too large for a browser survive.
 */

import { at } from "./columns.js";

/**
 * @typedef {object} Wanted
 * @property {ArrayLike<number>} rows of the result, in its order
 * @property {readonly string[]} instances of the whole catalog
 * @property {string} query
 */

const ITEMS = '\n "items": [';

/**
 * The published CSV with no other records than those of the result.
 * @param {string} published
 * @param {Wanted} wanted
 * @returns {string | null} null when it was published with another reading of the collection
 */
export function csvOf(published, wanted) {
  const [head = "", ...records] = published.split("\r\n").slice(0, -1);
  const chosen = chosenFrom(records, wanted, (record, instance) => record.includes(`,${instance},`));
  return chosen && [head, ...chosen, ""].join("\r\n");
}

/**
 * The published JSON with no other items than those of the result, and the query that chose them.
 * @param {string} published
 * @param {Wanted} wanted
 * @returns {string | null} null when it was published with another reading of the collection
 */
export function jsonOf(published, wanted) {
  const end = published.indexOf(ITEMS);
  const items = published.slice(end + ITEMS.length + 1).split(/^ {2}\},?\n/m).slice(0, -1);
  const chosen = chosenFrom(items, wanted, (item, instance) => item.startsWith(`  {\n   "instance_id": ${instance},\n`));
  if (chosen === null) return null;
  const head = published.slice(0, published.lastIndexOf(" ", end));
  const extent = ` ${chosen.length},\n "query": ${JSON.stringify(wanted.query)},`;
  const list = chosen.map((item) => `\n${item}  }`).join(",");
  return `${head}${extent}${ITEMS}${list && `${list}\n `}]\n}\n`;
}

/**
 * @param {string[]} records
 * @param {Wanted} wanted
 * @param {(record: string, instance: string) => boolean} isOf
 */
function chosenFrom(records, { rows, instances }, isOf) {
  const same = records.length === instances.length && records.every((record, row) => isOf(record, at(instances, row)));
  return same ? Array.from(rows, (row) => at(records, row)) : null;
}

/** The exports of a result: the published CSV and JSON without the other records. */

/**
 * @typedef {object} Wanted
 * @property {ArrayLike<number>} rows of the result, in its order
 * @property {readonly string[]} instances every instance id of the catalog, in its order
 * @property {string} query
 */

/** @typedef {{ rawJSON?: string }} Raw a number that is too large for a browser, as it was written */

const BYTE_ORDER_MARK = "\ufeff"; // dropped by the browser when it decodes a file

/**
 * The published CSV with the header and the records of the result. Its n-th record is the n-th row.
 * @param {string} published
 * @param {Wanted} wanted
 * @returns {string | null} null when it was published with another version of the collection
 */
export function csvOf(published, { rows, instances }) {
  const [head, ...records] = published.split("\r\n").slice(0, -1);
  const same = records.length === instances.length && instances.every((id, row) => records[row]?.includes(`,${id},`));
  return same ? BYTE_ORDER_MARK + [head, ...Array.from(rows, (row) => records[row]), ""].join("\r\n") : null;
}

/**
 * The published JSON with the items of the result, their number and the query.
 * @param {string} published
 * @param {Wanted} wanted
 * @returns {string | null} null when it was published with another version of the collection
 */
export function jsonOf(published, { rows, instances, query }) {
  const { copies, items, ...head } = JSON.parse(published, /** @type {any} */ (exact));
  if (copies !== instances.length) return null;
  const byInstance = new Map(items.map((/** @type {{ instance_id: number & Raw }} */ item) => [idOf(item.instance_id), item]));
  if (!instances.every((instance) => byInstance.has(instance))) return null;
  const chosen = Array.from(rows, (row) => byInstance.get(instances[row] ?? ""));
  return `${JSON.stringify({ ...head, copies: chosen.length, query, items: chosen }, null, 1)}\n`;
}

/**
 * Keeps every digit of an integer that is too large for a browser.
 * @this {unknown}
 * @param {string} _
 * @param {unknown} value
 * @param {{ source: string }} context
 */
function exact(_, value, context) {
  return typeof value === "number" && !Number.isSafeInteger(value) && Number.isInteger(value)
    ? /** @type {any} */ (JSON).rawJSON(context.source)
    : value;
}

/** @param {number & Raw} id */
function idOf(id) {
  return id.rawJSON ?? String(id);
}

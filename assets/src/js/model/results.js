/** Results: a query answered over a catalog, from the rows it chooses to the page that is shown. */

import { ordersOf } from "./orders.js";
import { pageOf } from "./pages.js";
import { searchOver } from "./search.js";
import { selection } from "./selection.js";

/** @import { Catalog } from "./catalog.js" */
/** @import { Page } from "./pages.js" */
/** @import { Query } from "./query.js" */
/** @import { Selection } from "./selection.js" */

/** @typedef {Selection & Page & { order: Uint32Array }} Result `order` holds every row in the sort asked for */

/**
 * @param {Catalog} catalog
 * @returns {((query: Query) => Result) & { prepare: () => boolean }} `prepare` is that of the search
 */
export function resultsOver(catalog) {
  const search = searchOver(catalog);
  const order = ordersOf(catalog);
  /** @param {Query} query */
  function results(query) {
    const found = selection(catalog, query.choices, search(query.search));
    const sorted = order(query.sort);
    return { ...found, ...pageOf(sorted, found.chosen, found.total, query.page), order: sorted };
  }
  return Object.assign(results, { prepare: search.prepare });
}

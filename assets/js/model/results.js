/** Results: a query answered over a catalog, from the rows it chooses to the page that is shown. */

import { searchedFields } from "./catalog.js";
import { ordersOf } from "./orders.js";
import { pageOf } from "./pages.js";
import { searchOver } from "./search.js";
import { selection } from "./selection.js";

/** @import { Catalog } from "./catalog.js" */
/** @import { Page } from "./pages.js" */
/** @import { Query } from "./query.js" */
/** @import { Selection } from "./selection.js" */

/** @typedef {Selection & Page} Result */

/**
 * @param {Catalog} catalog
 * @returns {(query: Query) => Result}
 */
export function resultsOver(catalog) {
  const search = searchOver(catalog.copies, (row) => searchedFields(catalog, row));
  const order = ordersOf(catalog);
  return (query) => {
    const found = selection(catalog, query.choices, search(query.search));
    return { ...found, ...pageOf(order(query.sort), found.chosen, found.total, query.page) };
  };
}

/** The view of the list: writes a query and its result into the page. */

import { find, write } from "./dom.js";
import { constraints, toggled } from "../model/query.js";
import { words } from "../model/text.js";
import { asked, extent, place, records } from "../model/wording.js";
import { showChips, showEmptiness } from "./chips.js";
import { mountFacets } from "./facets.js";
import { mountFilters } from "./filters.js";
import { mountRows } from "./list-rows.js";
import { mountPagination } from "./pagination.js";
import { mountStatus } from "./status.js";
import { mountViews } from "./views.js";

/** @import { Catalog } from "../model/catalog.js" */
/** @import { Pictures } from "../model/pictures.js" */
/** @import { Constraint, Query } from "../model/query.js" */
/** @import { Result } from "../model/results.js" */

/** @typedef {(query: Query, result: Result, picks: number[] | null) => void} View */

/**
 * @param {HTMLElement} list
 * @param {Catalog} catalog
 * @param {Pictures} pictures
 * @param {(query: Query) => Result} results
 * @param {(change: (query: Query) => Query) => void} ask
 * @returns {View} shows a result, or the random picks from it
 */
export function listView(list, catalog, pictures, results, ask) {
  const part = /** @param {string} name */ (name) => find(list, `[data-part="${name}"]`, HTMLElement);
  const body = find(list, ".list-body", HTMLElement);
  const showRows = mountRows(find(list, "[data-results]", HTMLElement), catalog, pictures);
  const search = find(list, "input[type=search]", HTMLInputElement);
  const sort = find(list, "select", HTMLSelectElement);
  const [chips, empty, count, picking] = [part("chips"), part("empty"), part("count"), part("picks")];
  const showStatus = mountStatus(list);
  const showPagination = mountPagination(list);
  const facets = mountFacets(part("facets"), catalog.facets, (facet, value, side) =>
    ask((query) => toggled(query, facet, value, side)),
  );
  const filters = mountFilters(list, facets.refresh);
  mountViews(list);
  /** @param {Constraint} constraint */
  const wording = (constraint) => asked(constraint, catalog.facets);
  /** @param {Query} query */
  const instead = (query) => ask(() => query);

  return (query, result, picks) => {
    const inside = list.contains(document.activeElement);
    const narrowing = constraints(query);
    const told = extent(result.total, catalog.copies, picks?.length ?? 0);
    if (search.value !== query.search) search.value = query.search;
    sort.value = query.sort;
    showRows(picks ?? result.rows, words(query.search));
    facets.show(query, result, filters.open());
    showChips(chips, narrowing, wording, instead);
    write(count, told);
    picking.hidden = picks === null;
    empty.hidden = result.total > 0;
    if (result.total === 0) {
      const remedies = narrowing.map((constraint) => ({ constraint, left: results(constraint.without).total }));
      showEmptiness(empty, catalog.copies, remedies, wording, instead);
    }
    showPagination(result, picks !== null);
    showStatus(result.total, picks ? told : `${told}, ${place(result.page, result.pages).toLowerCase()}`);
    filters.show(narrowing.filter(({ kind }) => kind !== "search").length, records(result.total));
    if (inside && isGone(document.activeElement)) body.focus({ preventScroll: true });
  };
}

/**
 * Whether the focus was on something that is no longer there to be used.
 * @param {Element | null} active
 */
function isGone(active) {
  return active === null || active === document.body || active.matches(":disabled");
}

/** The list: keeps the visitor's query in the address, and shows what it chooses. */

import { find } from "./dom.js";
import { decoded } from "../model/catalog.js";
import { PICKS, chosenRows, fairDraw, picked } from "../model/pages.js";
import { picturesOf } from "../model/pictures.js";
import { EVERYTHING, address, changed, parsedQuery } from "../model/query.js";
import { resultsOver } from "../model/results.js";
import { pushSearch, replaceSearch, settle } from "./address.js";
import { columnsFor, fetchJson } from "./columns.js";
import { mountControls } from "./list-controls.js";
import { listView } from "./list-view.js";
import { mountRecord } from "./record.js";
import { mountTakeAway } from "./take-away.js";

/** @import { Catalog } from "../model/catalog.js" */
/** @import { Pictures } from "../model/pictures.js" */
/** @import { Query } from "../model/query.js" */
/** @import { Result } from "../model/results.js" */

/**
 * @typedef {object} Shelf what the other parts of the page know of the list
 * @property {Catalog} catalog
 * @property {Pictures} pictures
 * @property {() => { query: Query, result: Result, picks: number[] | null }} current
 * @property {() => Uint32Array} order the rows of the whole result, in its sort
 * @property {(query: Query) => void} show asks for something else: the address is replaced
 * @property {() => string} search the search part of the address, up to date
 */

/** @param {HTMLElement} list */
export async function mount(list) {
  const catalog = decoded(await columnsFor(list));
  const pictures = picturesOf(catalog.pictures, fetchJson);
  const results = resultsOver(catalog);
  const view = listView(list, catalog, pictures, results, ask);
  let query = parsedQuery(location.search);
  let result = results(query);
  /** @type {number[] | null} */
  let picks = null;

  /** @param {Query} next */
  function show(next) {
    query = next;
    result = results(query);
    offer(null);
  }

  /** @param {number[] | null} drawn */
  function offer(drawn) {
    picks = drawn;
    view(query, result, picks);
  }

  /** @param {(query: Query) => Query} change */
  function ask(change) {
    show(change(query));
    replaceSearch(address(query));
  }

  /** @param {number} step */
  function turn(step) {
    show(changed(query, { page: result.page + step }));
    pushSearch(address(query));
    find(list, ".list-body", HTMLElement).scrollIntoView();
  }

  function pick() {
    if (result.total > 0) offer(picked(chosenRows(result.chosen), PICKS, draw));
  }

  /** @type {Shelf} */
  const shelf = {
    catalog,
    pictures,
    current: () => ({ query, result, picks }),
    order: () => result.order.filter((row) => result.chosen[row] === 1),
    show: (next) => ask(() => next),
    search: () => {
      settle();
      return location.search;
    },
  };
  mountControls(list, {
    search: (search) => ask((asked) => changed(asked, { search })),
    sort: (sort) => ask((asked) => changed(asked, { sort })),
    reset: () => ask(() => EVERYTHING),
    turn,
    pick,
    unpick: () => offer(null),
  });
  addEventListener("popstate", () => {
    const next = parsedQuery(location.search);
    if (address(next) !== address(query)) show(next);
  });
  show(query);
  mountRecord(list, shelf);
  mountTakeAway(list, shelf);
  setTimeout(function ahead() {
    if (results.prepare()) setTimeout(ahead);
  });
}

const draw = fairDraw(() => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0);

/** The list: keeps the visitor's query in the address, and shows what it chooses. */

import { find } from "../dom.js";
import { decoded } from "../model/catalog.js";
import { PICKS, chosenRows, fairDraw, picked } from "../model/pages.js";
import { EVERYTHING, address, changed, parsedQuery } from "../model/query.js";
import { resultsOver } from "../model/results.js";
import { mountControls } from "./list-controls.js";
import { listView } from "./list-view.js";

/** @import { Columns } from "../model/catalog.js" */
/** @import { Query } from "../model/query.js" */

const RETRY = 1000;

/** @param {HTMLElement} list */
export function mount(list) {
  const catalog = decoded(embedded());
  const results = resultsOver(catalog);
  const view = listView(list, catalog, results, ask);
  let query = parsedQuery(location.search);
  let result = results(query);

  /** @param {Query} next */
  function show(next) {
    query = next;
    result = results(query);
    view(query, result, null);
  }

  /** @param {(query: Query) => Query} change */
  function ask(change) {
    show(change(query));
    replaceAddress(() => query);
  }

  /** @param {number} step */
  function turn(step) {
    show(changed(query, { page: result.page + step }));
    history.pushState(null, "", target(query));
    find(list, ".list-body", HTMLElement).scrollIntoView();
  }

  function pick() {
    if (result.total > 0) view(query, result, picked(chosenRows(result.chosen), PICKS, draw));
  }

  mountControls(list, {
    search: (search) => ask((asked) => changed(asked, { search })),
    sort: (sort) => ask((asked) => changed(asked, { sort })),
    reset: () => ask(() => EVERYTHING),
    turn,
    pick,
    unpick: () => view(query, result, null),
  });
  addEventListener("popstate", () => {
    const next = parsedQuery(location.search);
    if (address(next) !== address(query)) show(next);
  });
  show(query);
  find(document, "main", HTMLElement).dataset.ready = "";
  setTimeout(() => results(changed(EVERYTHING, { search: "-" })));
}

const draw = fairDraw(() => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0);

/** @returns {Columns} */
function embedded() {
  return JSON.parse(find(document, "#collection", HTMLScriptElement).text);
}

/** @param {Query} query */
function target(query) {
  return location.pathname + address(query);
}

/**
 * Safari refuses more than a hundred changes in half a minute: the address then follows a little later.
 * @param {() => Query} current
 */
function replaceAddress(current) {
  try {
    history.replaceState(null, "", target(current()));
  } catch {
    setTimeout(() => replaceAddress(current), RETRY);
  }
}

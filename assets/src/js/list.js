/** The script of the list of all records: keeps the visitor's query in the address, and shows its result. */

import { element, find } from "./components/dom.js";
import { pushSearch, replaceSearch, settle } from "./components/address.js";
import { mountJump } from "./components/jump.js";
import { listView } from "./components/list-view.js";
import { recalled, start } from "./components/page.js";
import { mountPrinting } from "./components/printing.js";
import { openCatalog, rowAt, rowOf } from "./model/catalog.js";
import { coversOf } from "./model/covers.js";
import { address, changed, cleared, parsedQuery } from "./model/query.js";
import { chosenRows, fairDraw, randomPicks, resultsOver, WALL } from "./model/results.js";

/** @import { Model } from "./components/list-view.js" */
/** @import { Columns, Embedded } from "./model/catalog.js" */
/** @import { Query, Settings } from "./model/query.js" */
/** @import { Result } from "./model/results.js" */

/**
 * @typedef {object} ListState
 * @property {() => { query: Query, result: Result, picks: number[] | null }} current
 * @property {() => Uint32Array} order the rows of the whole result, in its sort
 * @property {(query: Query) => void} show shows another query, and replaces the address
 * @property {() => string} search the search part of the address, up to date
 * @property {(search: string) => void} visit shows the query of a link, and adds an entry to the history
 * @property {string} account the account's name
 * @property {[label: string, address: string][]} links on the record, to elsewhere
 * @property {() => string} drawn the instance of a record of the result, drawn at random
 */

/** @typedef {Model & ListState} ListContext the list, as the record dialog and the share menu see it */

const VIEWS = ["rows", "covers", "wall"];
const draw = fairDraw(() => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0);

await start({ list: mountList });

/** @param {HTMLElement} list */
async function mountList(list) {
  const opened = await openedCatalog(list);
  if (!opened) return;
  await yieldToBrowser();
  const { catalog, settings } = opened;
  const results = resultsOver(catalog, settings);
  const model = { catalog, covers: coversOf(catalog.covers, fetchJson), settings, results };
  const grammar = { facets: catalog.facetNames, sorts: Object.keys(settings.sorts), views: VIEWS };
  const parsed = /** @param {string} search */ (search) => parsedQuery(search, grammar);
  const wall = loaded(async () => (await import("./wall.js")).mountWall(list, catalog, model.covers));
  let query = parsed(location.search);
  let last = lastView();
  let result = results(seen(query));
  await yieldToBrowser();
  const view = listView(list, model, ask, wall);
  await yieldToBrowser();
  /** @type {number[] | null} */
  let picks = null;

  /**
   * @param {Query} next
   * @param {boolean} [typing]
   */
  function show(next, typing) {
    if (next.view !== query.view && next.view !== "") last = next.view;
    query = next;
    result = results(seen(query));
    showPicks(null, typing);
  }

  /**
   * The query with the view in which it is shown.
   * @param {Query} asked
   */
  function seen(asked) {
    return { ...asked, view: asked.view || last };
  }

  /**
   * @param {number[] | null} drawn
   * @param {boolean} [typing]
   */
  function showPicks(drawn, typing) {
    picks = drawn;
    view(seen(query), result, picks, typing);
  }

  /**
   * @param {(query: Query) => Query} change
   * @param {boolean} [typing]
   */
  function ask(change, typing = false) {
    show(change(query), typing);
    replaceSearch(address(query), typing);
  }

  /** @param {number} step */
  function turn(step) {
    turnTo(result.page + step);
  }

  /** @param {number} page from 1 */
  function turnTo(page) {
    show(changed(query, { page }));
    pushSearch(address(query));
    find(list, ".list-body", HTMLElement).scrollIntoView();
  }

  /** The instance of a record of the result, drawn at random. */
  function drawn() {
    const [row = -1] = randomPicks(chosenRows(result.chosen), 1, draw);
    return row < 0 ? "" : String(catalog.ids[row]);
  }

  function pick() {
    if (result.total > 0) showPicks(randomPicks(chosenRows(result.chosen), settings.picks, draw));
  }

  /** @type {ListContext} */
  const context = {
    ...model,
    current: () => ({ query, result, picks }),
    order: () => result.order.filter((row) => result.chosen[row] === 1),
    show: (next) => ask(() => next),
    search: () => {
      settle();
      return location.search;
    },
    visit,
    account: list.dataset.account ?? "",
    drawn,
    links: opened.links,
  };
  const record = loaded(async () => {
    const [{ mountRecord }] = await Promise.all([import("./record.js"), styled("../css/record.css")]);
    return mountRecord(list, context);
  });
  const share = loaded(async () => (await import("./share.js")).mountShare(list, context));
  mountSearch(list, (search) => ask((before) => changed(before, { search }), true));
  const sort = find(list, "#sort", HTMLSelectElement);
  sort.disabled = false;
  sort.addEventListener("change", () => ask((before) => changed(before, { sort: sort.value })));
  press("reset", () => ask(cleared));
  press("random", pick);
  press("shuffle", () => open(drawn()));
  press("again", pick);
  press("all", () => {
    showPicks(null);
    find(list, '[data-part="random"]', HTMLButtonElement).focus();
  });
  press("previous", () => turn(-1));
  press("next", () => turn(1));
  mountJump(
    list,
    catalog,
    () => ({ order: context.order(), sort: query.sort }),
    (place) => {
      turnTo(Math.floor(place / settings.page_size) + 1);
      find(list, "[data-results]", HTMLElement).children[place % settings.page_size]?.scrollIntoView();
    },
  );
  const pages = find(list, '[data-part="pages"]', HTMLSelectElement);
  pages.addEventListener("change", () => turnTo(pages.selectedIndex + 1));
  addEventListener("popstate", () => {
    if (record.now) record.now.arrive();
    else void followRecord();
    const next = parsed(location.search);
    if (address(next) !== address(query)) show(next);
  });
  const place = find(list, "[data-results]", HTMLElement);
  place.addEventListener("click", (event) => {
    const { target } = event;
    if (!(target instanceof Element)) return;
    const row = target.closest('[data-part="open-record"]')?.closest("[data-instance]");
    if (row) open(row.getAttribute("data-instance") ?? "");
    const link = target.closest("a");
    if (!link || !(link.getAttribute("href") ?? "").startsWith("?")) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    visit(link.search);
    find(list, ".list-body", HTMLElement).scrollIntoView();
  });
  for (const sign of ["pointerover", "focusin"]) place.addEventListener(sign, () => void record().catch(() => {}), { once: true });
  const opener = find(list, ".share-open", HTMLButtonElement);
  opener.disabled = false;
  opener.addEventListener("click", () => void share().catch(() => opener.click()));
  show(query);
  mountPrinting(list, context);
  hideBelow();
  setTimeout(function ahead() {
    if (results.prepare()) setTimeout(ahead);
  });
  if (location.hash === "#shuffle" && result.total > 0) {
    history.replaceState(null, "", location.pathname + location.search);
    open(drawn());
  }
  await followRecord();
  if (seen(query).view === WALL) await wall().catch(() => {});

  /**
   * Opens a record; at Discogs, if the script of the dialog cannot be loaded.
   * @param {string} instance
   */
  function open(instance) {
    if (record.now) record.now.open(instance);
    else record().then(
      (dialog) => dialog.open(instance),
      () => location.assign(rowAt(catalog, rowOf(catalog, instance)).url),
    );
  }

  /** Opens the record that the address names. */
  async function followRecord() {
    if (location.hash.startsWith("#record=")) await record().catch(() => {});
  }

  /** @param {string} search */
  function visit(search) {
    pushSearch(search);
    show({ ...parsed(search), view: query.view });
  }

  /**
   * @param {string} part
   * @param {() => void} act
   */
  function press(part, act) {
    const button = find(list, `[data-part="${part}"]`, HTMLButtonElement);
    button.disabled = false;
    button.addEventListener("click", act);
  }
}

/** Lets the browser paint and answer between the parts of a long start. */
async function yieldToBrowser() {
  const { scheduler } = /** @type {{ scheduler?: { yield?: () => Promise<void> } }} */ (globalThis);
  await (scheduler?.yield?.() ?? new Promise((done) => void setTimeout(done)));
}

/**
 * A part of the page that is loaded when it is needed; `now` is the part, once it is there. After a failure the
 * next call tries again.
 * @template Part
 * @param {() => Promise<Part>} load
 * @returns {(() => Promise<Part>) & { now?: Part }}
 */
function loaded(load) {
  /** @type {Promise<Part> | undefined} */
  let loading;
  /** @type {(() => Promise<Part>) & { now?: Part }} */
  const part = async () => {
    loading ??= load();
    try {
      return (part.now = await loading);
    } catch (error) {
      loading = undefined;
      throw error;
    }
  };
  return part;
}

/**
 * Adds a style sheet to the page.
 * @param {string} path from this script
 */
function styled(path) {
  const sheet = element("link", { rel: "stylesheet", href: new URL(path, import.meta.url).href });
  return new Promise((resolve, reject) => {
    sheet.addEventListener("load", resolve);
    sheet.addEventListener("error", () => {
      sheet.remove();
      reject(new Error(path));
    });
    document.head.append(sheet);
  });
}

/** The view that the visitor chose last. */
function lastView() {
  return VIEWS.find((view) => view === recalled("gatefold-view")) ?? "rows";
}

/**
 * The embedded data. If they are damaged, the page says so, and its controls stay off.
 * @param {HTMLElement} list
 */
async function openedCatalog(list) {
  try {
    const { settings, ...embedded } = /** @type {{ settings: Settings, links?: [string, string][] } & Embedded & { columns: string }} */ (
      JSON.parse(find(document, "#collection", HTMLScriptElement).text)
    );
    const columns = typeof embedded.columns === "string" ? await fetchedColumns(embedded.columns, list) : embedded.columns;
    return { settings, links: embedded.links ?? [], catalog: openCatalog({ ...embedded, columns }) };
  } catch {
    const place = find(list, '[data-part="empty"]', HTMLElement);
    const sentence = "The data of this page are damaged: filters, search and sorting are off. Reload the page to try again.";
    place.replaceChildren(element("p", { role: "alert" }, sentence));
    place.hidden = false;
    return null;
  }
}

/**
 * A file beside the page. Its name changes with its content.
 * @param {string} name
 * @returns {Promise<any>}
 */
async function fetchJson(name) {
  const response = await fetch(name);
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response.json();
}

/**
 * The columns of a large collection: a failure is shown, and tried again when the visitor asks.
 * @param {string} name
 * @param {HTMLElement} list
 * @returns {Promise<Columns>}
 */
async function fetchedColumns(name, list) {
  try {
    return await fetchJson(name);
  } catch {
    const place = find(list, '[data-part="empty"]', HTMLElement);
    const again = element("button", { class: "button", type: "button" }, "Try again");
    const sentence = "The whole list could not be fetched: these are only the newest records. ";
    place.replaceChildren(element("p", { role: "alert" }, sentence, again));
    place.hidden = false;
    await new Promise((resolve) => again.addEventListener("click", resolve, { once: true }));
    place.hidden = true;
    place.replaceChildren();
    return fetchedColumns(name, list);
  }
}

/**
 * The search field: `/` goes to it, Escape empties it.
 * @param {HTMLElement} list
 * @param {(search: string) => void} ask
 */
function mountSearch(list, ask) {
  const search = find(list, "input[type=search]", HTMLInputElement);
  search.disabled = false;
  search.addEventListener("input", () => ask(search.value));
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || search.value === "") return;
    event.preventDefault();
    ask("");
  });
  search.setAttribute("aria-keyshortcuts", "/");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTaken(event.target)) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
}

/** Marks the page while it scrolls down: then the buttons at the bottom of a phone go away. */
function hideBelow() {
  let before = -1; // unknown: asking now would cost a layout
  addEventListener(
    "scroll",
    () => {
      if (before < 0) before = scrollY;
      if (Math.abs(scrollY - before) < 8) return;
      document.documentElement.toggleAttribute("data-down", scrollY > before);
      before = scrollY;
    },
    { passive: true },
  );
}

/**
 * Whether a key belongs to something else: a field, or a dialog that is open.
 * @param {EventTarget | null} target
 */
function isTaken(target) {
  const inField = target instanceof Element && target.closest("input, select, textarea, [contenteditable]") !== null;
  return inField || document.querySelector("dialog[open]") !== null;
}

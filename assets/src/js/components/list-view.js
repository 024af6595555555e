/** The view of the list: writes a query and its result into the page. */

import { constraintText, emptyText, extent, grouped, place, records } from "../model/formatting.js";
import { changed, constraints } from "../model/query.js";
import { WALL } from "../model/results.js";
import { words } from "../model/text.js";
import { button, element, find, whenIdle, write } from "./dom.js";
import { mountFacets } from "./facets.js";
import { remember } from "./page.js";
import { mountRows } from "./rows.js";

/** @import { Catalog } from "../model/catalog.js" */
/** @import { Covers } from "../model/covers.js" */
/** @import { Constraint, FacetName, Query, Settings } from "../model/query.js" */
/** @import { Result } from "../model/results.js" */

/** @typedef {(rows: readonly number[] | null, sort: string) => void} Wall shows rows as sleeves, or takes them away */
/** @typedef {(query: Query, result: Result, picks: number[] | null, typing?: boolean) => void} View */

/**
 * @typedef {object} Model the collection, and functions over it
 * @property {Catalog} catalog
 * @property {Covers} covers
 * @property {Settings} settings
 * @property {(query: Query) => Result} results
 */

// Also read by theme-boot.js, before the first paint.
const VIEW = "gatefold-view";
const ROWS = "gatefold-rows";
/** Milliseconds: a burst of typing is announced once. */
const CALM = 500;
/** Milliseconds after which the numbers of the filters are right, however fast somebody types. */
const BEHIND = 200;

/**
 * @param {HTMLElement} list
 * @param {Model} model
 * @param {(change: (query: Query) => Query) => void} ask
 * @param {(() => Promise<Wall>) & { now?: Wall }} wall
 * @returns {View} shows a result, or the random picks from it
 */
export function listView(list, { catalog, covers, settings, results }, ask, wall) {
  const part = /** @param {string} name */ (name) => find(list, `[data-part="${name}"]`, HTMLElement);
  const body = find(list, ".list-body", HTMLElement);
  const search = find(list, "input[type=search]", HTMLInputElement);
  const sort = find(list, "#sort", HTMLSelectElement);
  const [chips, empty, count, picking, all] = [part("chips"), part("empty"), part("count"), part("picks"), part("all")];
  const showRows = mountRows(find(list, "[data-results]", HTMLElement), catalog, covers);
  const showStatus = mountStatus(list);
  const showPagination = mountPagination(list);
  const facets = mountFacets(list, catalog.facets, settings, ask);
  /** @type {readonly number[] | null} the rows on the wall */
  let hung = null;
  const views = mountViews(list, (view) => ask((query) => changed(query, { view })));
  /**
   * A button that removes a constraint.
   * @param {Constraint} constraint
   * @param {string} text
   * @param {string} label
   */
  const chip = (constraint, text, label) => {
    const made = button("", () => ask(() => constraint.without), { class: "chip", "aria-label": label });
    made.append(element("bdi", {}, text));
    return made;
  };

  let showNumbers = () => {};

  return (query, result, picks, typing = false) => {
    const inside = list.contains(document.activeElement);
    const narrowing = constraints(query);
    const text = extent(result.total, catalog.copies, picks?.length ?? 0);
    if (search.value !== query.search) search.value = query.search;
    if (sort.value !== query.sort) sort.value = query.sort;
    const rows = picks ?? result.rows;
    const onWall = views.show(query.view) === WALL && picks === null;
    hung = onWall ? rows : null;
    if (!onWall) wall.now?.(null, "");
    showRows(onWall ? [] : rows, words(query.search), picks === null ? query.sort : "");
    if (onWall && wall.now) wall.now(rows, query.sort);
    else if (onWall) wall().then((show) => show(hung, query.sort), () => ask((now) => changed(now, { view: "rows" })));
    showNumbers = () => facets.show(query, result);
    // A key is answered by the rows first: the numbers of the filters follow once those are painted.
    if (typing) whenIdle(() => showNumbers(), BEHIND);
    else showNumbers();
    showChips(narrowing.filter(({ kind }) => kind !== "search"));
    write(count, text);
    picking.hidden = picks === null;
    write(all, `Show all ${grouped(result.total)}`);
    empty.hidden = result.total > 0;
    if (result.total === 0 && catalog.copies > 0) showEmpty(narrowing);
    showPagination(result, picks !== null);
    showStatus(result.total, picks ? text : `${text}, ${place(result.page, result.pages).toLowerCase()}`);
    facets.label(narrowing.filter(({ kind }) => kind !== "search").length, records(result.total));
    if (inside && isGone(document.activeElement)) body.focus({ preventScroll: true });
  };

  /** @param {Constraint[]} chosen */
  function showChips(chosen) {
    const focused = [...chips.children].findIndex((item) => item.contains(document.activeElement));
    const made = chosen.map((constraint) => {
      const text = constraintText(constraint, catalog.facet);
      const item = chip(constraint, text, `Remove ${text}`);
      const { places, tones } = catalog.facet(/** @type {FacetName} */ (constraint.kind));
      const tone = tones[places.get(constraint.value) ?? -1];
      if (tone) item.dataset.tone = tone;
      return item;
    });
    chips.replaceChildren(...made.map((each) => element("li", {}, each)));
    chips.hidden = made.length === 0;
    if (focused >= 0) made[Math.min(focused, made.length - 1)]?.focus();
  }

  /**
   * Offers each constraint that, taken away, would show something, with the number it would show.
   * @param {Constraint[]} narrowing
   */
  function showEmpty(narrowing) {
    const remedies = narrowing.map((constraint) => ({ constraint, left: results(constraint.without).total }));
    const helpful = remedies.filter(({ left }) => left > 0);
    const offered = (helpful.length > 0 ? helpful : remedies).map(({ constraint, left }) => {
      const number = left > 0 ? ` (${records(left)})` : "";
      const text = constraintText(constraint, catalog.facet) + number;
      return element("li", {}, chip(constraint, text, `Remove ${text}`));
    });
    const heading = element("p", {}, emptyText(narrowing.length, helpful.length));
    empty.replaceChildren(heading, element("ul", { class: "chips", role: "list" }, ...offered));
  }
}

/**
 * Whether the focus was on an element that can no longer be used.
 * @param {Element | null} active
 */
function isGone(active) {
  return active === null || active === document.body || active.matches(":disabled");
}

/**
 * The status: the number of matches for programs at once, for screen readers when typing rests.
 * @param {HTMLElement} list
 */
function mountStatus(list) {
  const status = find(list, "[role=status]", HTMLElement);
  let waiting = 0;
  return (/** @type {number} */ total, /** @type {string} */ text) => {
    status.dataset.count = String(total);
    clearTimeout(waiting);
    waiting = setTimeout(() => write(status, text), CALM);
  };
}

/**
 * The pagination, which is hidden while random picks are shown.
 * @param {HTMLElement} list
 */
function mountPagination(list) {
  const nav = find(list, "nav", HTMLElement);
  const previous = find(nav, '[data-part="previous"]', HTMLButtonElement);
  const next = find(nav, '[data-part="next"]', HTMLButtonElement);
  const text = find(nav, '[data-part="place"]', HTMLElement);
  const of = find(nav, '[data-part="of"]', HTMLElement);
  const select = find(nav, '[data-part="pages"]', HTMLSelectElement);
  return (/** @type {Result} */ { page, pages }, /** @type {boolean} */ picking) => {
    previous.disabled = page === 1;
    next.disabled = page === pages;
    write(text, place(page, pages));
    write(of, `of ${grouped(pages)}`);
    select.length = Math.min(select.length, pages);
    const missing = Array.from({ length: pages - select.length }, (_, place) => select.length + place + 1);
    select.append(...missing.map((number) => element("option", { value: number }, grouped(number))));
    if (select.selectedIndex !== page - 1) select.selectedIndex = page - 1;
    select.disabled = pages === 1;
    nav.hidden = picking;
  };
}

/**
 * The switches between the views and between the sizes of rows; the choices are remembered.
 * @param {HTMLElement} list
 * @param {(view: string) => void} choose
 */
function mountViews(list, choose) {
  const { dataset } = document.documentElement;
  const size = find(list, '[data-part="size"]', HTMLButtonElement);
  size.disabled = false;
  size.setAttribute("aria-pressed", String(dataset.rows === "comfortable"));
  size.addEventListener("click", () => {
    dataset.rows = dataset.rows === "comfortable" ? "compact" : "comfortable";
    size.setAttribute("aria-pressed", String(dataset.rows === "comfortable"));
    remember(ROWS, dataset.rows);
    size.scrollIntoView({ block: "nearest" });
  });
  /** @type {NodeListOf<HTMLButtonElement>} each named for its view */
  const buttons = list.querySelectorAll(".list-views button");
  for (const button of buttons) {
    button.disabled = false;
    button.addEventListener("click", () => {
      const view = button.dataset.part ?? "";
      remember(VIEW, view);
      choose(view);
    });
  }
  let shown = "";
  return {
    /**
     * Marks a view; returns it.
     * @param {string} view
     */
    show(view) {
      if (view === shown) return view;
      // The last tab can lie beyond a phone's edge.
      const tabs = view === WALL || shown === WALL ? document.querySelector(".tabs ul") : null;
      if (tabs) tabs.scrollLeft = view === WALL ? tabs.scrollWidth : 0;
      shown = dataset.view = view;
      for (const tab of document.querySelectorAll("[data-tab]")) {
        const here = tab.getAttribute("data-tab") === (view === WALL ? "wall" : "records");
        if (here) tab.setAttribute("aria-current", "page");
        else tab.removeAttribute("aria-current");
      }
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.part === view));
      return view;
    },
  };
}

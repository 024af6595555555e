/** The wall: every sleeve of the result, without captions; a line at the bottom names the one that is pointed at. */

import { rowAt } from "./model/catalog.js";
import { showCover } from "./components/cover.js";
import { button, element, find, rove } from "./components/dom.js";
import { beginnings } from "./components/jump.js";

/** @import { Catalog } from "./model/catalog.js" */
/** @import { Covers } from "./model/covers.js" */

const AT_ONCE = 240; // more than any screen shows
const STEP = 5000;
const MARK = 26; // pixels of the scrubber for each mark
const NEAR = "800px"; // from here a sleeve gets its cover: twenty thousand waiting images are slow

/**
 * @param {HTMLElement} list
 * @param {Catalog} catalog
 * @param {Covers} covers
 * @returns {(rows: readonly number[] | null, sort: string) => void} shows rows as sleeves, or takes them away
 */
export function mountWall(list, catalog, covers) {
  const results = find(list, "[data-results]", HTMLElement);
  const name = element("p", { class: "wall-name", "aria-hidden": "true" });
  /** @type {readonly number[]} */
  let wanted = [];
  /** @type {Map<Element, number>} the row of each sleeve that has no cover yet */
  const bare = new Map();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) dress(target);
    },
    { rootMargin: NEAR },
  );
  let up = false;
  const scrub = mountScrubber(results);
  list.append(name);
  results.addEventListener("pointerover", say);
  results.addEventListener("focusin", say);

  return (rows, sort) => {
    const before = wanted;
    wanted = rows ?? [];
    if (!up && !rows) return;
    if (rows) setTimeout(() => rows === wanted && scrub(beginnings(rows, catalog, sort)));
    if (up && rows && rows.length === before.length && rows.every((row, place) => row === before[place])) return;
    // Elements whose drawing is skipped are slow to remove; hidden ones are not.
    results.hidden = true;
    results.getBoundingClientRect();
    results.replaceChildren();
    observer.disconnect();
    bare.clear();
    name.textContent = "";
    up = rows !== null;
    name.hidden = !up;
    results.hidden = wanted.length === 0;
    if (!rows) return scrub([]);
    add(rows, 0, AT_ONCE);
    covers.load("thumb").then(
      () => [...bare.keys()].forEach((tile) => observer.observe(tile)),
      () => {}, // drawn sleeves stay
    );
  };

  /**
   * @param {readonly number[]} rows
   * @param {number} from
   * @param {number} number
   */
  function add(rows, from, number) {
    if (rows !== wanted) return;
    const tiles = rows.slice(from, from + number).map((row) => {
      const made = tileOf(row);
      bare.set(made, row);
      if (covers.loaded("thumb")) observer.observe(made);
      return made;
    });
    results.append(...tiles);
    if (from + number < rows.length) setTimeout(() => add(rows, from + number, STEP));
  }

  /** @param {number} row */
  function tileOf(row) {
    const { instance, url, credit, title, hue } = rowAt(catalog, row);
    return element(
      "li",
      { class: "tile", "data-instance": instance },
      element("button", { class: "row-open", type: "button", "data-part": "open-record", "aria-haspopup": "dialog", "aria-label": `${title}, details` }),
      element("span", { class: "cover", "data-hue": String(hue) }),
      element("span", { class: "visually-hidden" }, element("bdi", { class: "tile-title" }, title), ", ", element("bdi", { class: "tile-credit" }, credit)),
      element("a", { class: "tile-link visually-hidden", href: url, tabindex: "-1" }, "Discogs"),
    );
  }

  /** @param {Element} tile */
  function dress(tile) {
    const row = bare.get(tile);
    const cover = tile.querySelector(".cover");
    observer.unobserve(tile);
    bare.delete(tile);
    if (row !== undefined && cover instanceof HTMLElement) showCover(cover, covers.thumb(row), "thumb");
  }

  /** @param {Event} event */
  function say({ target }) {
    const tile = up && target instanceof Element ? target.closest(".tile") : null;
    if (!tile) return;
    const text = (/** @type {string} */ part) => tile.querySelector(part)?.textContent ?? "";
    name.replaceChildren(element("bdi", {}, text(".tile-title")), " · ", element("bdi", {}, text(".tile-credit")));
  }
}

/**
 * The scrubber: years, decades or letters beside the wall. A click or a drag scrolls to the first sleeve of one.
 * @param {HTMLElement} results
 * @returns {(found: [name: string, place: number][]) => void} shows where groups begin
 */
function mountScrubber(results) {
  const nav = element("nav", { class: "wall-scrubber", "aria-label": "Jump to", hidden: true });
  results.before(nav);
  nav.addEventListener("pointermove", ({ buttons, clientX, clientY }) => {
    const under = buttons > 0 && document.elementFromPoint(clientX, clientY);
    if (under instanceof HTMLButtonElement && nav.contains(under)) under.click();
  });
  rove(nav, ({ previousElementSibling, nextElementSibling }, key) =>
    key === "ArrowUp" ? previousElementSibling : key === "ArrowDown" ? nextElementSibling : null,
  );

  return (found) => {
    const marks = thinned(found);
    nav.hidden = marks.length < 2;
    nav.replaceChildren(
      ...marks.map(([name, place]) => button(name, () => (results.children[place] ?? results.lastElementChild)?.scrollIntoView(), { tabindex: place === 0 ? 0 : -1 })),
    );
  };
}

/**
 * No more marks than fit: years instead of months, decades instead of years, and then not all of them.
 * @param {[name: string, place: number][]} found
 */
function thinned(found) {
  const coarse = found
    .map(([name, place]) => /** @type {[string, number]} */ ([coarser(name), place]))
    .filter(([name], at, all) => name !== all[at - 1]?.[0]);
  const marks = coarse.length > 1 ? coarse : found;
  const every = Math.ceil((marks.length * MARK) / (innerHeight * 0.75));
  return marks.filter((_, at) => at % every === 0);
}

/** @param {string} name of a month, a year or a letter */
function coarser(name) {
  if (name === "Year unknown") return "No year";
  return /^\d{4}$/u.test(name) ? `${name.slice(0, 3)}0s` : name.replace(/^\D+ (?=\d{4}$)/u, "");
}

/** The wall: every sleeve of the result, without captions; a line at the bottom names the one that is pointed at. */

import { rowAt } from "./model/catalog.js";
import { showCover } from "./components/cover.js";
import { element, find } from "./components/dom.js";

/** @import { Catalog } from "./model/catalog.js" */
/** @import { Covers } from "./model/covers.js" */

const AT_ONCE = 240; // more than any screen shows
const STEP = 5000;
const NEAR = "800px"; // from here a sleeve gets its cover: twenty thousand waiting images are slow

/**
 * @param {HTMLElement} list
 * @param {Catalog} catalog
 * @param {Covers} covers
 * @returns {(rows: readonly number[] | null) => void} shows rows as sleeves, or takes them away
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
  list.append(name);
  results.addEventListener("pointerover", say);
  results.addEventListener("focusin", say);

  return (rows) => {
    const before = wanted;
    wanted = rows ?? [];
    if (!up && !rows) return;
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
    if (!rows) return;
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

/**
 * The rows of the list. Their markup is a `<template>` of the page. A row keeps its element as long
 * as its copy is shown; then the element is free to show another copy.
 */

import { creditParts, rowAt, rowOf } from "../model/catalog.js";
import { day, monthText } from "../model/formatting.js";
import { facetLink } from "../model/query.js";
import { initial, matches, titleInitial } from "../model/text.js";
import { fillCover, showCover } from "./cover.js";
import { element, find, whenIdle } from "./dom.js";

/** @import { Catalog, Row } from "../model/catalog.js" */
/** @import { Covers } from "../model/covers.js" */
/** @import { Word } from "../model/text.js" */
/** @import { Size } from "./cover.js" */

/**
 * @typedef {object} Line an element that shows one record after another
 * @property {HTMLElement} item
 * @property {(row: Row, words: readonly Word[]) => void} show
 * @property {(src: string | null, size: Size) => void} cover
 * @property {(group: string) => void} divide names the group that begins with it, "" for none
 */

/** @typedef {{ row: number, line: Line }} Shown */

const SHOWN_TAGS = 2;
const PRESSED = "pressed ";

/**
 * @param {HTMLElement} list
 * @param {Catalog} catalog
 * @param {Covers} covers
 * @returns {(rows: readonly number[], words: readonly Word[], sort: string) => void} shows rows, and marks the words in them
 */
export function mountRows(list, catalog, covers) {
  const blank = find(find(document, "#blank-row", HTMLTemplateElement).content, ".row", HTMLElement);
  /** @type {NodeListOf<HTMLElement>} */
  const brought = list.querySelectorAll("[data-instance]");
  /** @type {Shown[]} the rows that are shown, from top to bottom */
  let shown = Array.from(brought, (item) => {
    item.prepend(find(blank, ".row-open", HTMLButtonElement).cloneNode());
    return { row: rowOf(catalog, item.dataset.instance ?? ""), line: lineOf(item) };
  });
  /** @type {Line[]} */
  const free = [];
  let refused = false;
  let early = true;
  const { dataset } = document.documentElement;
  new MutationObserver(() => {
    refused = false;
    showCovers();
  }).observe(document.documentElement, { attributeFilter: ["data-view"] });
  whenIdle(() => {
    early = false;
    showCovers();
  });

  return (rows, words, sort) => {
    const held = document.activeElement;
    shown = arranged(rows, held);
    let before = "";
    shown.forEach(({ row, line }, place) => {
      const data = rowAt(catalog, row);
      line.show(data, words);
      const group = groupOf(data, sort);
      line.divide(place > 0 && group !== before ? group : "");
      before = group;
    });
    if (held instanceof HTMLElement && held !== document.activeElement && list.contains(held)) {
      held.focus({ preventScroll: true });
    }
    list.hidden = rows.length === 0;
    if (!early) showCovers();
  };

  /** Addresses of covers are fetched when the page is idle; until then sleeves are drawn. */
  function showCovers() {
    const size = dataset.view === "covers" ? "cover" : "thumb";
    if (covers.loaded(size)) {
      for (const { row, line } of shown) {
        line.cover(covers[size](row) ?? covers.thumb(row), size === "cover" ? "wall" : "thumb");
      }
    } else if (!refused) {
      covers.load(size).then(showCovers, () => (refused = true));
    }
  }

  /**
   * Lines for rows, in the list and in order; few of them are moved.
   * @param {readonly number[]} rows
   * @param {Element | null} held the element with the focus: its line shows no other row
   * @returns {Shown[]}
   */
  function arranged(rows, held) {
    const wanted = new Set(rows);
    const kept = new Map(shown.filter(({ row }) => wanted.has(row)).map(({ row, line }) => [row, line]));
    const gone = shown.flatMap(({ row, line }) => (wanted.has(row) || line.item.contains(held) ? [] : [line]));
    for (const { row, line } of shown) if (!wanted.has(row) && line.item.contains(held)) line.item.remove();
    const fresh = () => lineOf(/** @type {HTMLElement} */ (blank.cloneNode(true)));
    const next = rows.map((row) => ({ row, line: kept.get(row) ?? gone.shift() ?? free.pop() ?? fresh() }));
    for (const line of gone) {
      line.item.remove();
      free.push(line);
    }
    let here = list.firstElementChild;
    for (const { line } of next) {
      if (here && here !== line.item && here.nextElementSibling === line.item) here = line.item;
      if (here === line.item) here = here.nextElementSibling;
      else list.insertBefore(line.item, here);
    }
    return next;
  }
}

/**
 * @param {HTMLElement} item a row of the page, or a blank one
 * @returns {Line}
 */
function lineOf(item) {
  const part = /** @param {string} selector */ (selector) => find(item, selector, HTMLElement);
  const [cover, open] = [part(".cover"), part(".row-open")];
  const [title, credit, tags] = [part(".row-title"), part(".row-credit"), part(".row-tags")];
  const [formats, label, number] = [part(".row-format"), find(item, ".row-label a", HTMLAnchorElement), part(".row-number")];
  const [year, pressing, time] = [find(item, ".row-year > a", HTMLAnchorElement), part(".row-pressing"), part("time")];
  let names = Array.from(credit.querySelectorAll("a"));
  const link = find(item, ".row-link", HTMLAnchorElement);
  let shown = item.dataset.instance;
  let source = cover.querySelector("img")?.getAttribute("src") ?? null;
  /** @type {Size} */
  let scale = "thumb";
  if (shown !== undefined) open.setAttribute("aria-label", `${title.textContent}, details`);

  /** @type {WeakMap<Element, string>} the text and the marks of each place, once they are known */
  const written = new WeakMap();

  /**
   * @param {Element} place
   * @param {string} text
   * @param {[number, number][]} stretches to be marked
   */
  function write(place, text, stretches) {
    const key = `${stretches}:${text}`;
    if (written.get(place) === key) return;
    written.set(place, key);
    const only = place.firstChild;
    if (stretches.length > 0) place.replaceChildren(...marked(text, stretches));
    else if (only instanceof Text && only === place.lastChild) only.data = text;
    else place.textContent = text;
  }

  /** @param {Row} row */
  function showCopy(row) {
    const added = day(row.day);
    shown = row.instance;
    item.dataset.instance = row.instance;
    open.setAttribute("aria-label", `${row.title}, details`);
    link.href = row.url;
    link.setAttribute("aria-label", `${row.title} on Discogs`);
    fillCover(cover, row);
    formats.replaceChildren(...row.formats.map((format) => element("bdi", {}, format)));
    credit.replaceChildren(...creditParts(row).map(({ key, text }) => (key === null ? text : valueLink("artist", key, text))));
    names = Array.from(credit.querySelectorAll("a"));
    tags.replaceChildren(...tagsOf(row).map(([facet, value]) => valueLink(facet, value, value)));
    for (const tag of tags.querySelectorAll("a")) tag.tabIndex = -1;
    year.href = facetLink("year", String(row.year ?? "unknown"));
    time.textContent = `Added ${added.words}`;
    time.setAttribute("datetime", added.iso);
  }

  return {
    item,
    show(row, words) {
      if (row.instance !== shown) showCopy(row);
      write(title, row.title, matches(row.title, words));
      for (const name of names) write(name, name.textContent ?? "", matches(name.textContent ?? "", words));
      const found = labelOf(row, words);
      write(label, found.name, found.inName);
      label.href = facetLink("label", found.key);
      label.hidden = found.name === "";
      write(number, found.number, found.inNumber);
      const [known, pressed] = [String(row.year ?? ""), String(row.pressing ?? "")];
      write(year, known || "Year unknown", matches(known, words));
      write(pressing, pressed && PRESSED + pressed, matches(pressed, words).map(([start, end]) => [start + PRESSED.length, end + PRESSED.length]));
      pressing.hidden = pressed === "";
    },
    divide(group) {
      if ((item.dataset.divider ?? "") === group) return;
      if (group === "") delete item.dataset.divider;
      else item.dataset.divider = group;
    },
    cover(src, size) {
      if (src === source && size === scale) return;
      [source, scale] = [src, size];
      showCover(cover, src, size);
    },
  };
}

/**
 * What a row stands under in a sort: a month, a letter or a year.
 * @param {Row} row
 * @param {string} sort
 */
export function groupOf({ day: added, artists: [artist], credit, title, year }, sort) {
  if (sort === "") return ""; // random picks
  if (sort.startsWith("artist")) return initial(artist?.name ?? credit);
  if (sort.startsWith("title")) return titleInitial(title);
  if (sort.startsWith("year")) return year === null ? "Year unknown" : String(year);
  return monthText(day(added).iso.slice(0, 7));
}

/**
 * The first of its genres and styles, as many as a wide row has room for. generator/derive/rows.py does the same.
 * @param {Row} row
 * @returns {[string, string][]}
 */
function tagsOf({ genres: [genre, ...others], styles }) {
  const tagged = (/** @type {string} */ facet, /** @type {readonly string[]} */ values) => values.map((value) => /** @type {[string, string]} */ ([facet, value]));
  return [...tagged("genre", genre === undefined ? [] : [genre]), ...tagged("style", styles), ...tagged("genre", others)].slice(0, SHOWN_TAGS);
}

/**
 * @param {string} facet
 * @param {string} value
 * @param {string} text
 */
function valueLink(facet, value, text) {
  return element("a", { href: facetLink(facet, value), dir: "auto" }, text);
}

/**
 * The first label, or the first that the words match, and the stretches they match.
 * @param {Row} row
 * @param {readonly Word[]} words
 */
function labelOf({ labels }, words) {
  const found = labels.map(({ key, name, number }) => ({
    key,
    name,
    number: number ?? "",
    inName: matches(name, words),
    inNumber: matches(number ?? "", words, true),
  }));
  const matching = found.find(({ inName, inNumber }) => inName.length + inNumber.length > 0);
  return matching ?? found[0] ?? { key: "", name: "", number: "", inName: [], inNumber: [] };
}

/**
 * @param {string} text
 * @param {[number, number][]} stretches
 * @returns {Node[]}
 */
function marked(text, stretches) {
  /** @type {Node[]} */
  const nodes = [];
  let done = 0;
  for (const [start, end] of stretches) {
    nodes.push(new Text(text.slice(done, start)), element("mark", {}, text.slice(start, end)));
    done = end;
  }
  if (done < text.length) nodes.push(new Text(text.slice(done)));
  return nodes;
}

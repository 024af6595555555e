/** The lines of the list: each is kept as long as its copy is shown, then free to show another one. */

import { rowAt, rowOf } from "../model/catalog.js";
import { lineOf } from "./row.js";

/** @import { Catalog } from "../model/catalog.js" */
/** @import { Pictures } from "../model/pictures.js" */
/** @import { Word } from "../model/text.js" */
/** @import { Line } from "./row.js" */

/** @typedef {{ row: number, line: Line }} Shown */

/**
 * @param {HTMLElement} list
 * @param {Catalog} catalog
 * @param {Pictures} pictures
 * @returns {(rows: readonly number[], words: readonly Word[]) => void} shows rows; what words match in them is marked
 */
export function mountRows(list, catalog, pictures) {
  /** @type {NodeListOf<HTMLElement>} */
  const brought = list.querySelectorAll("[data-instance]");
  /** @type {Shown[]} what is shown, from top to bottom */
  let shown = Array.from(brought, (item) => ({ row: rowOf(catalog, item.dataset.instance ?? ""), line: lineOf(item) }));
  /** @type {Line[]} */
  const free = [];
  let refused = false;
  const { dataset } = document.documentElement;
  new MutationObserver(() => {
    refused = false;
    showPictures();
  }).observe(document.documentElement, { attributeFilter: ["data-view"] });
  const idle = window.requestIdleCallback ?? setTimeout;
  let early = true;
  idle(() => {
    early = false;
    showPictures();
  });

  return (rows, words) => {
    const held = document.activeElement;
    shown = arranged(rows, held);
    for (const { row, line } of shown) line.show(rowAt(catalog, row), words);
    if (held instanceof HTMLElement && held !== document.activeElement && list.contains(held)) {
      held.focus({ preventScroll: true });
    }
    list.hidden = rows.length === 0;
    if (!early) showPictures();
  };

  /** The addresses of pictures are fetched when somebody looks; until then sleeves are drawn. */
  function showPictures() {
    const size = dataset.view === "covers" ? "cover" : "thumb";
    if (pictures.loaded(size)) {
      for (const { row, line } of shown) {
        line.picture(pictures[size](row) ?? pictures.thumb(row), size === "cover" ? "wall" : "thumb");
      }
    } else if (!refused) {
      pictures.load(size).then(showPictures, () => (refused = true));
    }
  }

  /**
   * Lines for rows, in the list and in order, with as few of them moved as is easily seen.
   * @param {readonly number[]} rows
   * @param {Element | null} held what has the focus: its line shows nothing else
   * @returns {Shown[]}
   */
  function arranged(rows, held) {
    const wanted = new Set(rows);
    const kept = new Map(shown.filter(({ row }) => wanted.has(row)).map(({ row, line }) => [row, line]));
    const gone = shown.flatMap(({ row, line }) => (wanted.has(row) || line.item.contains(held) ? [] : [line]));
    for (const { row, line } of shown) if (!wanted.has(row) && line.item.contains(held)) line.item.remove();
    const next = rows.map((row) => ({ row, line: kept.get(row) ?? gone.shift() ?? free.pop() ?? lineOf() }));
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

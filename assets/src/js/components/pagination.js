/** The pagination: where one is, and which way one can turn. Hidden while random picks are shown. */

import { find, write } from "./dom.js";
import { place } from "../model/wording.js";

/** @import { Page } from "../model/pages.js" */

/**
 * @param {HTMLElement} list
 * @returns {(page: Page, picking: boolean) => void}
 */
export function mountPagination(list) {
  const nav = find(list, "nav", HTMLElement);
  const previous = find(nav, '[data-part="previous"]', HTMLButtonElement);
  const next = find(nav, '[data-part="next"]', HTMLButtonElement);
  const text = find(nav, '[data-part="place"]', HTMLElement);
  return ({ page, pages }, picking) => {
    previous.disabled = page === 1;
    next.disabled = page === pages;
    write(text, place(page, pages));
    nav.hidden = picking;
  };
}

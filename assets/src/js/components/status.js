/** The status: the number of matches for programs at once, for screen readers when typing rests. */

import { find } from "./dom.js";

/** Long enough that a burst of typing is announced once. */
const CALM = 500;

/**
 * @param {HTMLElement} list
 * @returns {(total: number, words: string) => void}
 */
export function mountStatus(list) {
  const status = find(list, "[role=status]", HTMLElement);
  /** @type {number | undefined} */
  let waiting;
  return (total, words) => {
    status.dataset.count = String(total);
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (status.textContent !== words) status.textContent = words;
    }, CALM);
  };
}

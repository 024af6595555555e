/** The controls of the list: enables them, and says what was asked. */

import { find } from "./dom.js";
import { EVERYTHING, SORTS } from "../model/query.js";

/** @import { Sort } from "../model/query.js" */

/**
 * @typedef {object} Wishes
 * @property {(search: string) => void} search
 * @property {(sort: Sort) => void} sort
 * @property {() => void} reset
 * @property {(step: number) => void} turn
 * @property {() => void} pick
 * @property {() => void} unpick
 */

/**
 * @param {HTMLElement} list
 * @param {Wishes} wishes
 */
export function mountControls(list, wishes) {
  const search = find(list, "input[type=search]", HTMLInputElement);
  search.disabled = false;
  search.addEventListener("input", () => wishes.search(search.value));
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || search.value === "") return;
    event.preventDefault();
    wishes.search("");
  });
  search.setAttribute("aria-keyshortcuts", "/");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTaken(event.target)) return;
    event.preventDefault();
    search.focus();
    search.select();
  });

  const sort = find(list, "select", HTMLSelectElement);
  sort.disabled = false;
  sort.addEventListener("change", () => wishes.sort(SORTS.find((each) => each === sort.value) ?? EVERYTHING.sort));

  press("reset", wishes.reset);
  press("random", wishes.pick);
  press("again", wishes.pick);
  press("back", () => {
    wishes.unpick();
    find(list, '[data-part="random"]', HTMLButtonElement).focus();
  });
  press("previous", () => wishes.turn(-1));
  press("next", () => wishes.turn(1));

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

/**
 * Whether a key is meant for something else: a field, or a dialog that is open.
 * @param {EventTarget | null} target
 */
function isTaken(target) {
  const inField = target instanceof Element && target.closest("input, select, textarea, [contenteditable]") !== null;
  return inField || document.querySelector("dialog[open]") !== null;
}

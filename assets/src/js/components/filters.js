/** The sheet that holds the facets in one hand. On a desk it is empty, and the facets stand in their column. */

import { find, write } from "./dom.js";

const DESK = "(min-width: 60rem)"; // also in css/components/facets.css

/**
 * @param {HTMLElement} list
 * @param {() => void} refresh brings the facets up to date when they come into view
 */
export function mountFilters(list, refresh) {
  const part = /** @param {string} name */ (name) => `[data-part="${name}"]`;
  const dialog = find(list, part("dialog"), HTMLDialogElement);
  const open = find(list, part("open"), HTMLButtonElement);
  const done = find(list, part("done"), HTMLButtonElement);
  const column = find(list, part("column"), HTMLElement);
  const slot = find(list, part("slot"), HTMLElement);
  const facets = find(list, part("facets"), HTMLElement);
  const chips = find(list, part("chips"), HTMLElement);
  const head = find(list, ".list-head", HTMLElement);
  const desk = matchMedia(DESK);

  open.disabled = false;
  open.addEventListener("click", () => {
    slot.append(chips, facets);
    dialog.showModal();
    refresh();
  });
  done.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    head.after(chips);
    column.append(facets);
  });
  desk.addEventListener("change", () => {
    dialog.close();
    refresh();
  });

  return {
    /** Whether the facets are in view. */
    open: () => desk.matches || dialog.open,
    /**
     * Names the buttons that open and close the sheet.
     * @param {number} active
     * @param {string} result
     */
    show(active, result) {
      write(open, active === 0 ? "Filters" : `Filters (${active})`);
      write(done, `Show ${result}`);
    },
  };
}

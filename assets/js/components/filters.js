/** The sheet that holds the facets in one hand. On a desk it is empty, and the facets stand in their column. */

import { find } from "../dom.js";

const DESK = "(min-width: 60rem)"; // also in css/components/facets.css

/**
 * @param {HTMLElement} list
 * @returns {(active: number, result: string) => void} names the buttons that open and close the sheet
 */
export function mountFilters(list) {
  const part = /** @param {string} name */ (name) => `[data-part="${name}"]`;
  const dialog = find(list, part("dialog"), HTMLDialogElement);
  const open = find(list, part("open"), HTMLButtonElement);
  const done = find(list, part("done"), HTMLButtonElement);
  const column = find(list, part("column"), HTMLElement);
  const slot = find(list, part("slot"), HTMLElement);
  const facets = find(list, part("facets"), HTMLElement);

  open.disabled = false;
  open.addEventListener("click", () => {
    slot.append(facets);
    dialog.showModal();
  });
  done.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => column.append(facets));
  matchMedia(DESK).addEventListener("change", () => dialog.close());

  return (active, result) => {
    open.textContent = active === 0 ? "Filters" : `Filters (${active})`;
    done.textContent = `Show ${result}`;
  };
}

/** The switch between rows and covers; the choice is remembered. */

import { find } from "./dom.js";

const STORED = "gatefold-view"; // also read by theme-boot.js, before the first paint
const VIEWS = ["rows", "covers"];

/** @param {HTMLElement} list */
export function mountViews(list) {
  const { dataset } = document.documentElement;
  const buttons = VIEWS.map((view) => find(list, `[data-part="${view}"]`, HTMLButtonElement));
  const show = () => {
    buttons.forEach((button, place) => {
      const shown = dataset.view === "covers" ? "covers" : "rows";
      button.setAttribute("aria-pressed", String(VIEWS[place] === shown));
    });
  };
  buttons.forEach((button, place) => {
    button.disabled = false;
    button.addEventListener("click", () => {
      dataset.view = VIEWS[place] ?? "rows";
      show();
      remember(dataset.view);
    });
  });
  show();
}

/** @param {string} view */
function remember(view) {
  try {
    localStorage.setItem(STORED, view);
  } catch {
    // Storage can be refused (private windows, blocked cookies); the choice then lasts as long as the page.
  }
}

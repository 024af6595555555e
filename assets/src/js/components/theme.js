/** The switch between the system's theme, the light and the dark one; the choice is remembered. */

import { element, find } from "./dom.js";

/** @typedef {"auto" | "light" | "dark"} Theme */

const STORED = "gatefold-theme"; // also read by theme-boot.js, before the first paint

/** @type {Record<Theme, Theme>} */
const NEXT = { auto: "light", light: "dark", dark: "auto" };

/** Sent to `document` once another theme's colours hold: by the switch, or by the system. */
export const THEME_CHANGED = "themechanged";

/** @param {HTMLElement} button */
export function mount(button) {
  const name = find(button, ".theme-name", HTMLElement);
  const said = element("span", { class: "visually-hidden", "aria-live": "polite" });
  name.textContent = current();
  button.after(said);
  button.hidden = false;
  button.addEventListener("click", () => {
    const theme = NEXT[current()];
    document.documentElement.dataset.theme = theme;
    name.textContent = theme;
    said.textContent = button.textContent;
    remember(theme);
    announce();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", announce);
  colourBrowser();
}

/** @returns {Theme} */
function current() {
  const theme = document.documentElement.dataset.theme;
  return theme === "light" || theme === "dark" ? theme : "auto";
}

/** @param {Theme} theme */
function remember(theme) {
  try {
    localStorage.setItem(STORED, theme);
  } catch {
    // Storage can be refused (private windows, blocked cookies); the choice then lasts as long as the page.
  }
}

function announce() {
  colourBrowser();
  document.dispatchEvent(new Event(THEME_CHANGED));
}

/** The browser's own bars follow the page, also when the choice is not the system's. */
function colourBrowser() {
  const ground = getComputedStyle(document.documentElement).backgroundColor;
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) meta.setAttribute("content", ground);
}

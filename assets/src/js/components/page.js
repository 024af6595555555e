/** The parts of every page: the theme switch, the age of each collection, covers that fail to load. */

import { element, find, whenIdle } from "./dom.js";

/** @typedef {"auto" | "light" | "dark"} Theme */

const STORED = "gatefold-theme"; // also read by theme-boot.js, before the first paint
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LATE = 6 * HOUR; // also in theme-boot.js

/** @type {Record<Theme, Theme>} */
const NEXT = { auto: "light", light: "dark", dark: "auto" };

/** Sent to `document` when other colours apply: the visitor or the system has changed the theme. */
export const THEME_CHANGED = "themechanged";

/**
 * Mounts the components of a page, then marks `main` as ready.
 * @param {Record<string, (place: HTMLElement) => unknown>} [own] those of this page alone, by the name in `data-component`
 */
export async function start(own = {}) {
  dropBrokenCovers();
  /** @type {typeof own} */
  const components = { theme: mountTheme, freshness: mountFreshness, ...own };
  /** @type {NodeListOf<HTMLElement>} */
  const places = document.querySelectorAll("[data-component]");
  await Promise.all(Array.from(places, (place) => components[place.dataset.component ?? ""]?.(place)));
  find(document, "main", HTMLElement).dataset.ready = "";
}

/** Removes every cover that fails to load, now or later: the drawn sleeve below it shows. */
function dropBrokenCovers() {
  const drop = (/** @type {EventTarget | null} */ target) => {
    if (target instanceof HTMLImageElement && target.closest(".cover")) target.remove();
  };
  document.addEventListener("error", (event) => drop(event.target), { capture: true });
  for (const image of Array.from(document.images)) {
    if (image.complete && image.naturalWidth === 0 && image.currentSrc) drop(image);
  }
}

/**
 * The switch between the system's theme, the light and the dark one; the choice is remembered.
 * @param {HTMLElement} button
 */
function mountTheme(button) {
  const root = document.documentElement;
  const name = find(button, ".theme-name", HTMLElement);
  const announced = element("span", { class: "visually-hidden", "aria-live": "polite" });
  const current = () => /** @type {Theme} */ (root.dataset.theme === "light" || root.dataset.theme === "dark" ? root.dataset.theme : "auto");
  /** The browser's own bars follow the page, also when the choice is not the system's. */
  const tint = () => {
    const ground = getComputedStyle(root).backgroundColor;
    for (const meta of document.querySelectorAll('meta[name="theme-color"]')) meta.setAttribute("content", ground);
  };
  const changed = () => {
    tint();
    document.dispatchEvent(new Event(THEME_CHANGED));
  };
  name.textContent = current();
  button.after(announced);
  button.hidden = false;
  button.addEventListener("click", () => {
    const theme = NEXT[current()];
    root.dataset.theme = theme;
    name.textContent = theme;
    announced.textContent = button.textContent;
    remember(STORED, theme);
    changed();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  whenIdle(tint);
}

/**
 * Stores a choice. Storage can be refused (private windows, blocked cookies): it then lasts as long as the page.
 * @param {string} name
 * @param {string} choice
 */
export function remember(name, choice) {
  try {
    localStorage.setItem(name, choice);
  } catch {
    return;
  }
}

/**
 * A choice that was stored, null for none.
 * @param {string} name
 */
export function recalled(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/**
 * Shows how long ago a collection was synced, keeps that current, and marks it after six hours.
 * @param {HTMLElement} place
 */
function mountFreshness(place) {
  const time = find(place, "time", HTMLTimeElement);
  const synced = Date.parse(time.dateTime);
  const root = document.documentElement;
  const marked = root.dataset.synced ? root : place;
  time.title = time.textContent ?? "";

  const show = () => {
    const age = Date.now() - synced;
    time.textContent = ago(age);
    marked.toggleAttribute("data-late", age > LATE);
    place.dataset.told = "";
  };
  show();
  setInterval(show, MINUTE);
  document.addEventListener("visibilitychange", show);
}

/**
 * @param {number} age in milliseconds; a clock set back reads as now
 * @returns {string}
 */
function ago(age) {
  if (age < MINUTE) return "just now";
  if (age < HOUR) return plural(Math.floor(age / MINUTE), "minute");
  if (age < 48 * HOUR) return plural(Math.floor(age / HOUR), "hour");
  return plural(Math.floor(age / (24 * HOUR)), "day");
}

/**
 * @param {number} count
 * @param {string} unit
 */
function plural(count, unit) {
  return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
}

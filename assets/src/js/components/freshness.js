/** Says how long ago a collection was read, keeps that current, and marks what is past six hours. */

import { find } from "./dom.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LATE = 6 * HOUR; // also known to theme-boot.js, before the first paint

/** @param {HTMLElement} place */
export function mount(place) {
  const time = find(place, "time", HTMLTimeElement);
  const read = Date.parse(time.dateTime);
  const page = document.documentElement;
  const marked = page.dataset.read ? page : place;
  time.title = time.textContent ?? "";

  const show = () => {
    const age = Date.now() - read;
    time.textContent = ago(age);
    marked.toggleAttribute("data-late", age > LATE);
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

/** The refresh link. */

import { find } from "./dom.js";

const MINUTE = 60_000;

/**
 * Disables the refresh link until a sync is possible, and shows how long that takes.
 * @param {HTMLElement} place
 */
export function mountRefresh(place) {
  const note = place.querySelector(".refresh-next");
  if (!note) return;
  const link = find(place, "a", HTMLAnchorElement);
  const time = find(place, "time", HTMLTimeElement);
  const possible = Date.parse(time.dateTime);
  let timer = 0;

  /** @param {Event} event */
  const stop = (event) => event.preventDefault();

  const show = () => {
    clearTimeout(timer);
    const left = possible - Date.now();
    if (left > 0) {
      time.textContent = `in ${span(left)}`;
      timer = setTimeout(show, left % MINUTE || MINUTE);
      return;
    }
    note.remove();
    for (const name of ["aria-disabled", "aria-describedby"]) link.removeAttribute(name);
    for (const press of ["click", "auxclick"]) link.removeEventListener(press, stop);
    document.removeEventListener("visibilitychange", show);
  };
  link.setAttribute("aria-disabled", "true");
  for (const press of ["click", "auxclick"]) link.addEventListener(press, stop);
  document.addEventListener("visibilitychange", show); // a sleeping machine's timers come late
  show();
}

/**
 * @param {number} left in milliseconds
 * @returns {string} "3 h 18 min", rounded up
 */
function span(left) {
  const minutes = Math.ceil(left / MINUTE);
  const hours = Math.floor(minutes / 60);
  return hours ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}

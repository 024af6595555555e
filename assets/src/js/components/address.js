/** The page's address: written with what it says, or as soon as the browser lets it be written. */

const RETRY = 1000;

/** @type {string | null} */
let pending = null;
addEventListener("pagehide", settle);
addEventListener("popstate", drop, { capture: true });

/**
 * Replaces the search part of the address.
 * @param {string} search
 */
export function replaceSearch(search) {
  pending = search;
  settle();
}

/**
 * Goes on to another address, which Back leaves again.
 * @param {string} search
 */
export function pushSearch(search) {
  settle();
  drop();
  history.pushState(null, "", location.pathname + search);
}

/** What was meant for one entry of the history must not be written into another. */
function drop() {
  pending = null;
}

/** Writes what waits to be written. Safari refuses more than a hundred changes in half a minute: then it waits on. */
export function settle() {
  if (pending === null) return;
  try {
    history.replaceState(null, "", location.pathname + pending + location.hash);
    pending = null;
  } catch {
    setTimeout(settle, RETRY);
  }
}

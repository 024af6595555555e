/** The page's address: written with each change, or as soon as the browser allows it. */

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
 * Adds an entry to the history, which Back leaves again.
 * @param {string} search
 */
export function pushSearch(search) {
  settle();
  drop();
  history.pushState(null, "", location.pathname + search);
}

/** A change of one entry of the history must not be written into another. */
function drop() {
  pending = null;
}

/** Writes the pending change. Safari refuses more than a hundred changes in half a minute: then it is tried again. */
export function settle() {
  if (pending === null) return;
  try {
    history.replaceState(null, "", location.pathname + pending + location.hash);
    pending = null;
  } catch {
    setTimeout(settle, RETRY);
  }
}

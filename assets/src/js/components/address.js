/**
 * The page's address: written soon after a change, several changes in one go, or as soon as the browser
 * allows it. Writing it is the costliest part of a keystroke.
 */

import { whenIdle } from "./dom.js";

const SOON = 250;
const RETRY = 1000;

/** @type {string | null} */
let pending = null;
let timer = 0;
addEventListener("pagehide", settle);
addEventListener("popstate", drop, { capture: true });

/**
 * Replaces the search part of the address: when the browser is idle, or when typing rests.
 * @param {string} search
 * @param {boolean} typing
 */
export function replaceSearch(search, typing) {
  pending = search;
  if (typing) timer ||= setTimeout(settle, SOON);
  else whenIdle(settle, SOON);
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

/** Writes the pending change now. Safari refuses more than a hundred changes in half a minute: then it is tried again. */
export function settle() {
  clearTimeout(timer);
  timer = 0;
  if (pending === null) return;
  try {
    history.replaceState(null, "", location.pathname + pending + location.hash);
    pending = null;
  } catch {
    timer = setTimeout(settle, RETRY);
  }
}

/** The record dialog: all that is known of one copy, at an address of its own (`#record=INSTANCE`). */

import { element, find } from "./dom.js";
import { pressings } from "../model/albums.js";
import { rowAt, rowOf } from "../model/catalog.js";
import { at } from "../model/columns.js";
import { address, parsedQuery } from "../model/query.js";
import { grouped } from "../model/wording.js";
import { pushSearch } from "./address.js";
import { described, fragment, sleeve } from "./record-content.js";

/** @import { Shelf } from "./list.js" */

const OPEN = '[data-part="open-record"]';

/** Heard before the list, which is mounted after this is loaded: at a window, capturing does not go first. */
let arrival = () => {};
addEventListener("popstate", () => arrival());

/**
 * The rows' buttons, Back and Forward, a pasted link: whatever the address names is shown.
 * @param {HTMLElement} list
 * @param {Shelf} shelf
 */
export function mountRecord(list, shelf) {
  const { catalog } = shelf;
  const place = element("span", { class: "quiet" });
  const steps = element("p", { class: "record-steps" }, button("Previous", -1), button("Next", 1), place);
  const close = button("Close");
  const content = element("article", { class: "record-content" });
  const dialog = element(
    "dialog",
    { class: "record-dialog", "aria-labelledby": "record-title", closedby: "any" },
    element("div", { class: "record-sheet" }, element("div", { class: "record-bar" }, steps, close), content),
  );
  let shown = -1;
  /** @type {string | null} what the list was asked when its entry in the history was returned to */
  let returning = null;

  list.append(dialog);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", leave);
  dialog.addEventListener("click", visit);
  dialog.addEventListener("keydown", ({ key, altKey, ctrlKey, metaKey, shiftKey, repeat }) => {
    const direction = ["ArrowLeft", "", "ArrowRight"].indexOf(key) - 1;
    if (Math.abs(direction) === 1 && !(altKey || ctrlKey || metaKey || shiftKey || repeat)) step(direction);
  });
  find(list, "[data-results]", HTMLElement).addEventListener("click", ({ target }) => {
    const row = target instanceof Element && target.closest(OPEN)?.closest("[data-instance]");
    if (row) open(row.getAttribute("data-instance") ?? "");
  });
  arrival = arrive;
  follow();

  /**
   * @param {string} name
   * @param {number} [direction]
   */
  function button(name, direction) {
    const label = direction ? `${name} record` : null;
    const made = element("button", { class: "button", type: "button", "aria-label": label }, name);
    if (direction) made.addEventListener("click", () => step(direction));
    return made;
  }

  /** @param {string} instance */
  function open(instance) {
    if (returning !== null) {
      addEventListener("popstate", () => open(instance), { once: true });
      return;
    }
    shelf.search();
    history.pushState({ records: pushed() + 1 }, "", fragment(instance));
    follow();
  }

  function follow() {
    const instance = named(location.hash);
    const index = instance === null ? -1 : rowOf(catalog, instance);
    if (index >= 0) {
      show(index);
    } else {
      if (instance !== null) history.replaceState(null, "", location.pathname + location.search);
      dialog.close();
    }
  }

  /** @param {number} index */
  function show(index) {
    const row = rowAt(catalog, index);
    const order = orderShown();
    const number = order.indexOf(index) + 1;
    shown = index;
    steps.hidden = number === 0 || order.length === 1;
    place.textContent = `${grouped(number)} of ${grouped(order.length)}`;
    content.dataset.record = row.instance;
    content.replaceChildren(sleeve(shelf, index, () => shown), ...described(row, pressings(catalog, index)));
    if (!dialog.open) dialog.showModal();
    find(dialog, ".record-sheet", HTMLElement).scrollTop = 0;
  }

  function orderShown() {
    return shelf.current().picks ?? shelf.order();
  }

  /** @param {number} direction */
  function step(direction) {
    const order = orderShown();
    const here = order.indexOf(shown);
    if (here < 0) return;
    const next = at(order, (here + direction + order.length) % order.length);
    history.replaceState(history.state, "", fragment(rowAt(catalog, next).instance));
    show(next);
  }

  /**
   * Links to the list and to other records are followed without loading the page anew.
   * @param {MouseEvent} event
   */
  function visit(event) {
    const { target, ctrlKey, metaKey, shiftKey, altKey } = event;
    if (target === dialog) dialog.close();
    const link = target instanceof Element && target.closest("a");
    if (!link || link.origin !== location.origin || ctrlKey || metaKey || shiftKey || altKey) return;
    event.preventDefault();
    const instance = named(link.hash);
    if (instance !== null) {
      open(instance);
    } else {
      pushSearch(link.search);
      shelf.show(parsedQuery(link.search));
      follow();
    }
  }

  /** Takes the record out of the address: back to where it was opened, or in place of a pasted link. */
  function leave() {
    if (dialog.open) return;
    const row = `[data-results] [data-instance="${rowAt(catalog, shown).instance}"] ${OPEN}`;
    const opener = list.querySelector(row);
    if (opener instanceof HTMLElement) opener.focus();
    if (named(location.hash) === null) return;
    if (pushed() > 0) {
      returning = address(shelf.current().query);
      history.go(-pushed());
    } else {
      history.replaceState(null, "", location.pathname + location.search);
    }
  }

  /** What was asked while returning holds: the entry that is returned to gets it, before the list reads it. */
  function arrive() {
    const asked = address(shelf.current().query);
    if (returning !== null && returning !== asked) history.replaceState(null, "", location.pathname + asked);
    returning = null;
    follow();
  }
}

/** How many entries of the history lie between this one and the list: those that opening a record pushed. */
function pushed() {
  return Number(history.state?.records ?? 0);
}

/**
 * What a fragment names as a record, whether there is such a record or not.
 * @param {string} hash
 */
function named(hash) {
  return hash.startsWith("#record=") ? hash.slice("#record=".length) : null;
}

/** The record dialog: a copy with everything known of it, at an address of its own (`#record=INSTANCE`). */

import { at, pressed, pressings, rowAt, rowOf } from "../model/catalog.js";
import { day, grouped, releasedText } from "../model/formatting.js";
import { address, facetLink } from "../model/query.js";
import { pushSearch } from "./address.js";
import { coverElement } from "./cover.js";
import { button, element, find } from "./dom.js";
import { copyLink, joined } from "./share.js";

/** @import { Row } from "../model/catalog.js" */
/** @import { FacetName } from "../model/query.js" */
/** @import { ListContext } from "../list.js" */

const OPEN = '[data-part="open-record"]';

/** Called before the list's own listener, which is added later: at a window, capturing does not go first. */
let arrival = () => {};
addEventListener("popstate", () => arrival());

/**
 * Shows the record that the address names: after a press on a row, Back and Forward, or a pasted link.
 * @param {HTMLElement} list
 * @param {ListContext} context
 */
export function mountRecord(list, context) {
  const { catalog } = context;
  const place = element("span", { class: "quiet" });
  const steps = element(
    "p",
    { class: "record-steps" },
    button("Previous", () => step(-1), { "aria-label": "Previous record" }),
    button("Next", () => step(1), { "aria-label": "Next record" }),
    button("Shuffle", again),
    place,
  );
  const close = button("Close", () => dialog.close());
  const content = element("article", { class: "record-content" });
  const dialog = element(
    "dialog",
    { class: "record-dialog", "aria-labelledby": "record-title", closedby: "any" },
    element("div", { class: "record-sheet" }, element("div", { class: "record-bar" }, steps, close), content),
  );
  const { title } = document;
  let shown = -1;
  /** @type {string | null} the list's query while the history goes back to the list's entry */
  let returning = null;

  list.append(dialog);
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
  return { open };

  /** @param {string} instance */
  function open(instance) {
    if (returning !== null) {
      addEventListener("popstate", () => open(instance), { once: true });
      return;
    }
    context.search();
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
    document.title = `${row.title} · ${row.credit}`;
    place.textContent = `${grouped(number)} of ${grouped(order.length)}`;
    content.dataset.record = row.instance;
    content.replaceChildren(sleeve(context, index, () => shown), ...described(context, index));
    if (!dialog.open) dialog.showModal();
    find(dialog, ".record-sheet", HTMLElement).scrollTop = 0;
  }

  function orderShown() {
    return context.current().picks ?? context.order();
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

  /** Shows another record of the result, drawn at random. */
  function again() {
    history.replaceState(history.state, "", fragment(context.drawn()));
    follow();
  }

  /**
   * Follows links to the list and to other records without loading the page again.
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
      context.show(context.parsed(link.search));
      follow();
    }
  }

  /** Removes the record from the address: back to the entry it was opened from, or in place of a pasted link. */
  function leave() {
    if (dialog.open) return;
    document.title = title;
    const row = `[data-results] [data-instance="${rowAt(catalog, shown).instance}"] ${OPEN}`;
    const opener = list.querySelector(row);
    if (opener instanceof HTMLElement) opener.focus();
    if (named(location.hash) === null) return;
    if (pushed() > 0) {
      returning = address(context.current().query);
      history.go(-pushed());
    } else {
      history.replaceState(null, "", location.pathname + location.search);
    }
  }

  /** A query asked meanwhile is kept: it is written into the entry that is returned to, before the list reads it. */
  function arrive() {
    const asked = address(context.current().query);
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
 * The record that a fragment names, whether it exists or not.
 * @param {string} hash
 */
function named(hash) {
  return hash.startsWith("#record=") ? hash.slice("#record=".length) : null;
}

/** @param {string} instance */
function fragment(instance) {
  return `#record=${instance}`;
}

/**
 * The sleeve with the largest cover that has been fetched.
 * @param {ListContext} context
 * @param {number} index
 * @param {() => number} shown
 */
function sleeve({ catalog, covers }, index, shown) {
  const src = () => covers.cover(index) ?? covers.thumb(index);
  const made = () => coverElement(rowAt(catalog, index), src());
  const drawn = made();
  if (!covers.loaded("thumb")) {
    covers.load("thumb").then(
      () => shown() === index && src() !== null && drawn.replaceWith(made()),
      () => {}, // the drawn sleeve stays
    );
  }
  return drawn;
}

/**
 * @param {ListContext} context
 * @param {number} index
 */
function described({ catalog }, index) {
  const row = rowAt(catalog, index);
  const { copies, others } = pressings(catalog, index);
  const added = day(row.day);
  const linked = (/** @type {FacetName} */ facet) => (/** @type {string} */ value) => [valueLink(facet, value)];
  const [artist, ...more] = row.artists;
  return [
    element(
      "header",
      { class: "record-name", "aria-live": "polite" },
      element("h2", { id: "record-title" }, ...joined([row.title])),
      element("p", {}, artist && more.length === 0 ? valueLink("artist", artist.key, row.credit) : element("bdi", {}, row.credit)),
    ),
    element(
      "dl",
      { class: "record-facts" },
      ...fact("Artists", more.length === 0 ? [] : row.artists.map(({ key, name }) => [valueLink("artist", key, name)])),
      ...fact("Released", [[valueLink("year", row.year === null ? "unknown" : String(row.year), releasedText(row))]]),
      ...fact("Format", row.formats.map((format) => joined([format]))),
      ...fact("Label", row.labels.map(({ key, name, number }) => [valueLink("label", key, name), ...(number === null ? [] : [" · ", element("bdi", {}, number)])])),
      ...fact("Genre", row.genres.map(linked("genre"))),
      ...fact("Style", row.styles.map(linked("style"))),
      ...fact("Rating", row.rating === 0 ? [] : [[`${row.rating} of 5`]]),
      ...fact("Added", [[element("time", { datetime: added.iso }, valueLink("added", added.iso.slice(0, 7), added.words))]]),
      ...fact("Copies", [[`${grouped(copies)} of this release`]]),
    ),
    ...(others.length === 0 ? [] : [otherPressings(row, others)]),
    element(
      "p",
      { class: "actions" },
      element("a", { class: "button", href: row.url }, "Open on Discogs"),
      ...copyLink(() => location.origin + location.pathname + fragment(row.instance)),
    ),
  ];
}

/**
 * A name with its values; nothing where there is no value.
 * @param {string} name
 * @param {(string | Node)[][]} values
 */
function fact(name, values) {
  const found = values.map((value) => element("dd", {}, ...value));
  return found.length === 0 ? [] : [element("div", {}, element("dt", {}, name), ...found)];
}

/**
 * A link to the list with this value alone.
 * @param {FacetName} facet
 * @param {string} value
 * @param {string} [text] the value in words
 */
function valueLink(facet, value, text = value) {
  return element("a", { href: facetLink(facet, value) }, element("bdi", {}, text));
}

/**
 * @param {Row} row
 * @param {Row[]} others
 */
function otherPressings(row, others) {
  const items = others.map((other) => {
    const title = other.title === row.title ? [] : [other.title];
    const labels = other.labels.map(({ name }) => name);
    const texts = [...title, ...other.formats, String(pressed(other) ?? "Year unknown"), ...labels];
    return element("li", {}, element("a", { href: fragment(other.instance) }, ...joined(texts)));
  });
  return element(
    "section",
    { class: "record-others" },
    element("h3", {}, "Other pressings in the collection"),
    element("ul", { role: "list" }, ...items),
  );
}

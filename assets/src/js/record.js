/** The record dialog: a copy with everything known of it, at an address of its own (`#record=INSTANCE`). Loaded when a record is opened. */

import { at, pressed, pressings, rowAt, rowOf } from "./model/catalog.js";
import { day, grouped, records, releasedText } from "./model/formatting.js";
import { pressingOf } from "./model/pressing.js";
import { address, facetLink } from "./model/query.js";
import { copyLink } from "./components/copy-link.js";
import { coverElement, showCover } from "./components/cover.js";
import { button, element, find, joined } from "./components/dom.js";

/** @import { Row } from "./model/catalog.js" */
/** @import { FacetName } from "./model/query.js" */
/** @import { ListContext } from "./list.js" */

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
  swiped(content, step);
  follow();
  return { open, arrive };

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
    content.replaceChildren(...hero(context, index, () => shown), ...described(context, index));
    if (!dialog.open) dialog.showModal();
    document.documentElement.dataset.dialog = "";
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
      context.visit(link.search);
      follow();
    }
  }

  /** Removes the record from the address: back to the entry it was opened from, or in place of a pasted link. */
  function leave() {
    if (dialog.open) return;
    delete document.documentElement.dataset.dialog;
    document.title = title;
    const row = `[data-results] [data-instance="${rowAt(catalog, shown).instance}"] [data-part="open-record"]`;
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

const SWIPE = 60; // pixels

/**
 * Calls with -1 or 1 when a finger goes sideways over an element.
 * @param {HTMLElement} place
 * @param {(direction: number) => void} step
 */
function swiped(place, step) {
  let [x, y] = [0, 0];
  place.addEventListener("touchstart", ({ touches: [touch] }) => touch && ([x, y] = [touch.clientX, touch.clientY]), { passive: true });
  place.addEventListener("touchend", ({ changedTouches: [touch] }) => {
    if (!touch) return;
    const [across, down] = [touch.clientX - x, touch.clientY - y];
    if (Math.abs(across) > SWIPE && Math.abs(across) > 2 * Math.abs(down)) step(across < 0 ? 1 : -1);
  });
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
 * The sleeve in front of its disc, on a band in its own colours. The small cover shows at once, the
 * large one when it is decoded.
 * @param {ListContext} context
 * @param {number} index
 * @param {() => number} shown
 */
function hero({ catalog, covers }, index, shown) {
  const row = rowAt(catalog, index);
  const { kind, colour, pattern } = pressingOf(row.formats);
  const flood = element("div", { class: "flood", "aria-hidden": "true", "data-hue": String(row.hue) });
  const drawn = coverElement(row, null);
  const disc = kind === "" ? [] : [element("span", { class: "record-disc", "data-kind": kind, "data-colour": colour, "data-pattern": pattern })];
  const isShown = () => shown() === index && drawn.isConnected;

  /** Puts the small cover on the sleeve and on the band behind it, then the large one on the sleeve. */
  function dress() {
    const thumb = covers.thumb(index);
    if (thumb === null) return;
    showCover(drawn, thumb, "thumb");
    flood.replaceChildren(image(thumb));
  }

  async function dressLarge() {
    await covers.load("cover");
    const src = covers.cover(index);
    if (src === null) return;
    await image(src).decode();
    if (isShown()) showCover(drawn, src, "wall");
  }

  covers.load("thumb").then(
    () => isShown() && dress(),
    () => {}, // the drawn sleeve stays
  );
  if (covers.loaded("thumb")) dress();
  setTimeout(() => isShown() && dressLarge().catch(() => {}));
  return [flood, element("div", { class: "record-object" }, ...disc, drawn)];
}

/** @param {string} src */
function image(src) {
  return element("img", { alt: "", decoding: "async", referrerpolicy: "no-referrer", src });
}

/**
 * @param {ListContext} context
 * @param {number} index
 */
function described(context, index) {
  const { catalog } = context;
  const row = rowAt(catalog, index);
  const { copies, others } = pressings(catalog, index);
  const added = day(row.day);
  const linked = (/** @type {FacetName} */ facet) => (/** @type {string} */ value) => [valueLink(facet, value)];
  const [artist, ...more] = row.artists;
  const year = pressed(row);
  const { words } = pressingOf(row.formats);
  return [
    element(
      "header",
      { class: "record-name", "aria-live": "polite" },
      element("p", { class: "record-object-text" }, ...joined([...(year === null ? [] : [String(year)]), ...(words === "" ? [] : [words])])),
      element("h2", { id: "record-title" }, ...joined([row.title])),
      element("p", { class: "record-credit" }, artist && more.length === 0 ? valueLink("artist", artist.key, row.credit) : element("bdi", {}, row.credit)),
      element(
        "p",
        { class: "actions" },
        element("a", { class: "button", "data-kind": "main", href: row.url }, "Discogs ↗"),
        ...copyLink(() => location.origin + location.pathname + fragment(row.instance)),
        ...context.links.map(([label, address]) => element("a", { class: "button", rel: "external", href: filled(address, row) }, label)),
      ),
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
      ...fact("By this artist", artist && more.length === 0 ? [[valueLink("artist", artist.key, records(number(catalog, artist.key)))]] : []),
    ),
    ...(others.length === 0 ? [] : [otherPressings(context, row, others)]),
  ];
}

/**
 * How many copies credit an artist.
 * @param {ListContext["catalog"]} catalog
 * @param {string} key
 */
function number(catalog, key) {
  const { places, sets, rows } = catalog.facet("artist");
  const place = places.get(key) ?? -1;
  return rows.reduce((sum, set) => sum + Number(at(sets, set).includes(place)), 0);
}

/**
 * An address with the record's artist and title in it.
 * @param {string} address
 * @param {Row} row
 */
function filled(address, { credit, title, artists: [artist] }) {
  const values = { artist: artist?.name ?? credit, title };
  return address.replace(/\{(artist|title)\}/g, (_, name) => encodeURIComponent(values[/** @type {"artist" | "title"} */ (name)]));
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
 * @param {ListContext} context
 * @param {Row} row
 * @param {Row[]} others
 */
function otherPressings({ catalog, covers }, row, others) {
  const items = others.map((other) => {
    const title = other.title === row.title ? [] : [other.title];
    const labels = other.labels.map(({ name }) => name);
    const texts = [...title, ...other.formats, String(pressed(other) ?? "Year unknown"), ...labels];
    const src = covers.thumb(rowOf(catalog, other.instance));
    return element("li", {}, element("a", { href: fragment(other.instance) }, coverElement(other, src), element("span", {}, ...joined(texts))));
  });
  return element(
    "section",
    { class: "record-others" },
    element("h3", {}, "Other pressings in the collection"),
    element("ul", { role: "list" }, ...items),
  );
}

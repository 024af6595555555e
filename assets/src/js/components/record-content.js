/** What the record dialog says of a copy: its sleeve, its facts, the other pressings of the album. */

import { element } from "./dom.js";
import { pressed, released } from "../model/albums.js";
import { rowAt } from "../model/catalog.js";
import { EVERYTHING, address, toggled } from "../model/query.js";
import { day, grouped } from "../model/wording.js";
import { copyLink } from "./copy-link.js";
import { coverElement } from "./cover.js";

/** @import { Row } from "../model/catalog.js" */
/** @import { FacetName } from "../model/query.js" */
/** @import { Shelf } from "./list.js" */

/**
 * The part of an address that opens a record.
 * @param {string} instance
 */
export function fragment(instance) {
  return `#record=${instance}`;
}

/**
 * The largest picture that is known without asking for more than is fetched anyway.
 * @param {Shelf} shelf
 * @param {number} index
 * @param {() => number} shown
 */
export function sleeve({ catalog, pictures }, index, shown) {
  const { title, credit, hue } = rowAt(catalog, index);
  const src = () => pictures.cover(index) ?? pictures.thumb(index);
  const made = () => coverElement({ title, credit, hue, src: src() }, "wall");
  const drawn = made();
  if (!pictures.loaded("thumb")) {
    pictures.load("thumb").then(() => {
      if (shown() === index && src() !== null) drawn.replaceWith(made());
    });
  }
  return drawn;
}

/**
 * @param {Row} row
 * @param {{ copies: number, others: Row[] }} album
 */
export function described(row, { copies, others }) {
  const added = day(row.day);
  const rating = row.rating === 0 ? [] : [`${row.rating} of 5`];
  const labels = row.labels.map(({ name, number }) => [plain(name), ...(number === null ? [] : [" · ", plain(number)])]);
  return [
    element(
      "header",
      { class: "record-name", "aria-live": "polite" },
      element("h2", { id: "record-title" }, plain(row.title)),
      element("p", {}, plain(row.credit)),
    ),
    element(
      "dl",
      { class: "record-facts" },
      ...fact("Released", [released(row)]),
      ...fact("Format", row.formats.map(plain)),
      ...fact("Label", labels),
      ...fact("Genre", row.genres.map(filteredTo("genre"))),
      ...fact("Style", row.styles.map(filteredTo("style"))),
      ...fact("Rating", rating),
      ...fact("Added", [element("time", { datetime: added.iso }, added.words)]),
      ...fact("Copies", [`${grouped(copies)} of this release`]),
    ),
    ...(others.length === 0 ? [] : [pressingsOf(row, others)]),
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
 * @param {(string | Node | (string | Node)[])[]} values
 */
function fact(name, values) {
  const found = values.map((value) => element("dd", {}, ...[value].flat()));
  return found.length === 0 ? [] : [element("div", {}, element("dt", {}, name), ...found)];
}

/**
 * A link to the list filtered to a value. One that starts with a minus has no address: it would exclude.
 * @param {FacetName} facet
 * @returns {(value: string) => HTMLElement}
 */
function filteredTo(facet) {
  return (value) =>
    value.startsWith("-")
      ? plain(value)
      : element("a", { href: address(toggled(EVERYTHING, facet, value, "included")) }, plain(value));
}

/**
 * @param {Row} row
 * @param {Row[]} others
 */
function pressingsOf(row, others) {
  const items = others.map((other) => {
    const title = other.title === row.title ? [] : [other.title];
    const labels = other.labels.map(({ name }) => name);
    const texts = [...title, ...other.formats, String(pressed(other) ?? "Year unknown"), ...labels];
    const parts = texts.flatMap((text, place) => [place === 0 ? "" : " · ", plain(text)]);
    return element("li", {}, element("a", { href: fragment(other.instance) }, ...parts));
  });
  return element(
    "section",
    { class: "record-others" },
    element("h3", {}, "Other pressings in the collection"),
    element("ul", { role: "list" }, ...items),
  );
}

/**
 * Text of a collection, isolated: what runs from right to left must not turn its neighbours.
 * @param {string} text
 */
function plain(text) {
  return element("bdi", {}, text);
}

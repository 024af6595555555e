/** The facets: a group of values for each, to include or to exclude, with live numbers. */

import { element, find, write } from "./dom.js";
import { at } from "../model/columns.js";
import { searchText } from "../model/text.js";
import { grouped } from "../model/wording.js";

/** @import { Facet } from "../model/catalog.js" */
/** @import { Choice, FacetName, Query, Side } from "../model/query.js" */
/** @import { Selection } from "../model/selection.js" */

/** @typedef {(facet: FacetName, value: string, side: Side) => void} Toggle */

/**
 * @typedef {object} Item a value's line
 * @property {HTMLLIElement} line
 * @property {HTMLButtonElement} include
 * @property {HTMLButtonElement} exclude
 * @property {HTMLElement} count
 */

const SHORT = 8;
const LONG = 12; // also in templates/partials/facets.html
/** Values that are shown at once when somebody looks for one: more would be no help in finding it. */
const FOUND = 50;

/**
 * Makes the groups answer. Numbers that nobody sees are not written: closed groups and a closed sheet wait.
 * @param {HTMLElement} place
 * @param {Facet[]} facets
 * @param {Toggle} toggle
 */
export function mountFacets(place, facets, toggle) {
  const groups = facets
    .filter((facet) => facet.values.length > 0)
    .map((facet) => {
      const group = find(place, `[data-facet="${facet.name}"]`, HTMLDetailsElement);
      return { name: facet.name, ...mountFacet(group, facet, toggle) };
    });
  return {
    /**
     * @param {Query} query
     * @param {Selection} selection
     * @param {boolean} visible whether anybody sees it
     */
    show(query, { counts }, visible) {
      for (const { name, show } of groups) show(query.choices[name], counts.get(name) ?? new Uint32Array(), visible);
    },
    refresh() {
      for (const { update } of groups) update();
    },
  };
}

/**
 * @param {HTMLDetailsElement} group
 * @param {Facet} facet
 * @param {Toggle} toggle
 */
function mountFacet(group, facet, toggle) {
  const list = find(group, ".facet-values", HTMLElement);
  const more = group.querySelector("button.facet-more");
  /** @type {(Item | undefined)[]} */
  const items = [];
  /** @type {Choice} */
  let choice = { included: [], excluded: [] };
  /** @type {Uint32Array} */
  let counts = new Uint32Array(facet.values.length);
  let whole = false;
  let sought = "";
  list.replaceChildren();
  list.addEventListener("click", ({ target }) => {
    const button = target instanceof Element && target.closest("button");
    const found = items.findIndex((item) => item && (item.include === button || item.exclude === button));
    if (found >= 0) toggle(facet.name, at(facet.values, found), items[found]?.include === button ? "included" : "excluded");
  });
  group.addEventListener("toggle", update);

  function update() {
    if (!group.open) return;
    const wanted = wantedPlaces();
    /** @type {Item | undefined} */
    let next;
    for (let place = facet.values.length - 1; place >= 0; place--) {
      let item = items[place];
      if (wanted.has(place)) {
        const value = at(facet.values, place);
        item = items[place] ??= inserted(list, itemFor(value), next);
        showItem(item, value, choice, at(counts, place));
      } else if (item && !item.line.hidden) {
        item.line.hidden = true;
      }
      next = item ?? next;
    }
  }

  /** The values that are shown: what is looked for, else the first ones, and always what was chosen. */
  function wantedPlaces() {
    const places = facet.values.map((_, place) => place);
    if (sought !== "") {
      return new Set(places.filter((place) => searchText(at(facet.values, place)).includes(sought)).slice(0, FOUND));
    }
    const chosen = [...choice.included, ...choice.excluded].flatMap((value) => facet.places.get(value) ?? []);
    return new Set([...(whole ? places : places.slice(0, SHORT)), ...chosen]);
  }

  if (more instanceof HTMLButtonElement) {
    more.disabled = false;
    more.setAttribute("aria-expanded", "false");
    more.addEventListener("click", () => {
      whole = !whole;
      more.textContent = whole ? "Show fewer" : `Show all ${grouped(facet.values.length)}`;
      more.setAttribute("aria-expanded", String(whole));
      update();
    });
  }
  if (facet.values.length > LONG) {
    const named = { "aria-label": `Find in ${facet.title}`, placeholder: "Find" };
    const field = element("input", { class: "field", type: "text", ...named, autocomplete: "off", spellcheck: "false" });
    field.addEventListener("input", () => {
      sought = searchText(field.value).trim();
      if (more instanceof HTMLButtonElement) more.hidden = sought !== "";
      update();
    });
    find(group, ".facet-find", HTMLElement).append(field);
  }
  return {
    update,
    /**
     * @param {Choice} nextChoice
     * @param {Uint32Array} nextCounts
     * @param {boolean} visible
     */
    show(nextChoice, nextCounts, visible) {
      [choice, counts] = [nextChoice, nextCounts];
      if (visible) update();
    },
  };
}

/** @param {string} value @returns {Item} */
function itemFor(value) {
  const count = element("span", { class: "facet-count" });
  const include = element("button", { class: "facet-include", type: "button" }, element("bdi", {}, value), count);
  const exclude = element("button", { class: "facet-exclude", type: "button", "aria-label": `Exclude ${value}` });
  return { line: element("li", { class: "facet-value" }, include, exclude), include, exclude, count };
}

/**
 * Puts a new line before the one that follows it.
 * @param {HTMLElement} list
 * @param {Item} made
 * @param {Item | undefined} next
 */
function inserted(list, made, next) {
  list.insertBefore(made.line, next?.line ?? null);
  return made;
}

/**
 * Writes only what changed: a facet of hundreds of values costs next to nothing a keystroke.
 * @param {Item} item
 * @param {string} value
 * @param {Choice} choice
 * @param {number} number
 */
function showItem({ line, include, exclude, count }, value, choice, number) {
  if (line.hidden) line.hidden = false;
  write(count, grouped(number));
  line.toggleAttribute("data-none", number === 0);
  press(include, choice.included.includes(value));
  press(exclude, choice.excluded.includes(value));
}

/**
 * @param {HTMLButtonElement} button
 * @param {boolean} pressed
 */
function press(button, pressed) {
  const state = String(pressed);
  if (button.getAttribute("aria-pressed") !== state) button.setAttribute("aria-pressed", state);
}

/** The filters: a group of values for each facet, to include or to exclude, with live numbers; on small screens in a sheet. */

import { at } from "../model/catalog.js";
import { grouped } from "../model/formatting.js";
import { matching, NOTHING, toggled } from "../model/query.js";
import { searchText } from "../model/text.js";
import { element, find, rove, write } from "./dom.js";

/** @import { Facet } from "../model/catalog.js" */
/** @import { Choice, Query, Settings } from "../model/query.js" */
/** @import { Selection } from "../model/results.js" */

/** @typedef {(change: (query: Query) => Query) => void} Ask */

/**
 * @typedef {object} Item a value's line
 * @property {HTMLElement} line
 * @property {HTMLButtonElement} include
 * @property {HTMLButtonElement} exclude
 * @property {HTMLElement} count
 */

const SHARES = 8; // lengths of the bar behind a number, also in css/components/facets.css
const DESKTOP = "(min-width: 60rem)"; // also in css/components/facets.css

/**
 * Mounts the groups. Numbers that cannot be seen are not written: closed groups and a closed sheet wait.
 * @param {HTMLElement} list
 * @param {Facet[]} facets
 * @param {Settings} settings
 * @param {Ask} ask
 */
export function mountFacets(list, facets, settings, ask) {
  const groups = facets
    .filter((facet) => facet.values.length > 0)
    .map((facet) => {
      const group = find(list, `[data-facet="${facet.name}"]`, HTMLDetailsElement);
      return { name: facet.name, ...mountFacet(group, facet, settings, ask) };
    });
  const sheet = mountSheet(list, () => {
    for (const { update } of groups) update();
  });
  return {
    /**
     * @param {Query} query
     * @param {Selection} selection
     */
    show({ choices }, { counts }) {
      const visible = sheet.visible();
      for (const { name, show } of groups) show(choices[name] ?? NOTHING, counts.get(name) ?? new Uint32Array(), visible);
    },
    label: sheet.label,
  };
}

/**
 * @param {HTMLDetailsElement} group
 * @param {Facet} facet
 * @param {Settings} settings
 * @param {Ask} ask
 */
function mountFacet(group, facet, settings, ask) {
  const list = find(group, ".facet-values", HTMLElement);
  const more = group.querySelector("button.facet-more");
  const chosen = find(group, ".facet-chosen", HTMLElement);
  const all = find(group, ".facet-all", HTMLButtonElement);
  const mixes = facet.sets.some((set) => set.length > 1);
  /** @type {(Item | undefined)[]} */
  const items = [];
  let choice = NOTHING;
  /** @type {Uint32Array} */
  let counts = new Uint32Array(facet.values.length);
  let whole = false;
  let sought = "";
  list.addEventListener("click", ({ target }) => {
    const button = target instanceof Element && target.closest("button");
    const found = items.findIndex((item) => item && (item.include === button || item.exclude === button));
    if (found < 0) return;
    const value = at(facet.values, found);
    const wanted = choice.required.length > 0 && !choice.included.includes(value) ? "required" : "included";
    const side = items[found]?.include === button ? wanted : "excluded";
    ask((query) => toggled(query, facet.name, value, side));
  });
  all.addEventListener("click", () => ask((query) => matching(query, facet.name, choice.included.length > 0)));
  group.addEventListener("toggle", () => update());
  find(group, "summary", HTMLElement).addEventListener("click", () => update(true)); // before it is seen
  rove(list, (target, key) => neighbour(list, target, key));

  function update(opening = false) {
    if (!group.open && !opening) return;
    if (items.length === 0) items.push(...Array.from(list.children, (line, place) => itemOf(line, at(facet.values, place))));
    const wanted = wantedPlaces();
    const most = Math.max(...counts);
    /** @type {HTMLElement | null} */
    let next = null;
    for (let place = facet.values.length - 1; place >= 0; place--) {
      let item = items[place];
      if (wanted.has(place)) {
        const value = at(facet.values, place);
        if (!item) {
          item = items[place] = itemOf(blankLine(value, facet.tones[place]), value);
          list.insertBefore(item.line, next);
        }
        showItem(item, value, choice, at(counts, place), most);
      } else if (item && !item.line.hidden) {
        item.line.hidden = true;
      }
      next = item?.line ?? next;
    }
    all.hidden = !mixes || choice.included.length + choice.required.length < 2;
    press(all, choice.included.length === 0);
    const shown = Array.from(list.querySelectorAll("button"));
    if (!shown.some((button) => button.tabIndex === 0 && !button.closest("[hidden]"))) {
      const first = shown.find((button) => !button.closest("[hidden]"));
      if (first) first.tabIndex = 0;
    }
  }

  /** The values that are shown: those that are searched, else the first ones, and always those that were chosen. */
  function wantedPlaces() {
    const places = facet.values.map((_, place) => place);
    if (sought !== "") {
      const found = places.filter((place) => searchText(at(facet.values, place)).includes(sought));
      return new Set(found.slice(0, settings.facet_found));
    }
    const chosen = [...choice.included, ...choice.excluded, ...choice.required].flatMap((value) => facet.places.get(value) ?? []);
    return new Set([...(whole ? places : places.slice(0, settings.facet_short)), ...chosen]);
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
  if (facet.values.length > settings.facet_long) {
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
      write(chosen, choiceText(choice, facet.label));
      if (visible) update();
    },
  };
}

/**
 * The arrow keys go from one value to the next, and to its "not".
 * @param {HTMLElement} list
 * @param {Element} target
 * @param {string} key
 */
function neighbour(list, target, key) {
  const all = Array.from(list.querySelectorAll(".facet-value:not([hidden])"));
  const here = all.findIndex((line) => line.contains(target));
  /** @type {Record<string, number>} */
  const steps = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 };
  const side = key === "ArrowRight" || (target.matches(".facet-exclude") && key in steps) ? ".facet-exclude" : ".facet-include";
  return all[key === "ArrowRight" || key === "ArrowLeft" ? here : (steps[key] ?? -1)]?.querySelector(side);
}

/**
 * What is chosen in a group: "Jazz, not Rock".
 * @param {Choice} choice
 * @param {(value: string) => string} label
 */
function choiceText({ included, excluded, required }, label) {
  return [...[...included, ...required].map(label), ...excluded.map((value) => `not ${label(value)}`)].join(", ");
}

/**
 * A new line for a value.
 * @param {string} value
 * @param {string} [tone]
 */
function blankLine(value, tone) {
  const { content } = find(document, "#blank-value", HTMLTemplateElement);
  const line = /** @type {HTMLElement} */ (find(content, ".facet-value", HTMLElement).cloneNode(true));
  find(line, "bdi", HTMLElement).textContent = value;
  if (tone) line.dataset.tone = tone;
  return line;
}

/**
 * @param {Element} line one that the page came with, or a new one
 * @param {string} value
 * @returns {Item}
 */
function itemOf(line, value) {
  const [include, exclude] = [find(line, ".facet-include", HTMLButtonElement), find(line, ".facet-exclude", HTMLButtonElement)];
  exclude.setAttribute("aria-label", `Exclude ${value}`);
  for (const button of [include, exclude]) {
    button.disabled = false;
    button.tabIndex = -1;
  }
  return { line: /** @type {HTMLElement} */ (line), include, exclude, count: find(line, ".facet-count", HTMLElement) };
}

/**
 * Writes only changes: a facet of hundreds of values costs next to nothing a keystroke.
 * @param {Item} item
 * @param {string} value
 * @param {Choice} choice
 * @param {number} number
 * @param {number} most the largest number of the facet
 */
function showItem({ line, include, exclude, count }, value, choice, number, most) {
  if (line.hidden) line.hidden = false;
  write(count, grouped(number));
  const share = String(number && Math.ceil((number * SHARES) / most));
  if (line.dataset.share !== share) line.dataset.share = share;
  press(include, choice.included.includes(value) || choice.required.includes(value));
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

/**
 * The sheet that holds the facets and the chips on small screens. On a desktop it stays empty.
 * @param {HTMLElement} list
 * @param {() => void} refresh brings the facets up to date when they come into view
 */
function mountSheet(list, refresh) {
  const part = /** @param {string} name */ (name) => find(list, `[data-part="${name}"]`, HTMLElement);
  const dialog = find(list, "dialog.filters", HTMLDialogElement);
  const open = find(list, '[data-part="open"]', HTMLButtonElement);
  const [done, column, slot, facets, chips] = [part("done"), part("column"), part("slot"), part("facets"), part("chips")];
  const before = part("picks");
  const desktop = matchMedia(DESKTOP);

  open.disabled = false;
  open.addEventListener("click", () => {
    slot.append(chips, facets);
    dialog.showModal();
    refresh();
  });
  done.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    before.after(chips);
    column.append(facets);
  });
  desktop.addEventListener("change", () => {
    dialog.close();
    unfold();
    refresh();
  });
  unfold();

  /** A sheet shows the heads of all groups at once; a column has their values open. */
  function unfold() {
    for (const group of facets.querySelectorAll("details")) group.open = desktop.matches;
  }

  return {
    visible: () => desktop.matches || dialog.open,
    /**
     * Labels the buttons that open and close the sheet.
     * @param {number} active
     * @param {string} result
     */
    label(active, result) {
      write(open, active === 0 ? "Filters" : `Filters (${active})`);
      write(done, `Show ${result}`);
    },
  };
}

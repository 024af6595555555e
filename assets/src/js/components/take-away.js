/** Taking the result away: its link, its records as CSV and JSON, its catalogue on paper. */

import { element, find } from "./dom.js";
import { copyLink } from "./copy-link.js";
import { saved } from "./files.js";
import { mountPrinting } from "./printing.js";

/** @import { Shelf } from "./list.js" */

/**
 * @param {HTMLElement} list
 * @param {Shelf} shelf
 */
export function mountTakeAway(list, shelf) {
  const said = element("span", { class: "quiet", "aria-live": "polite" });
  const place = find(list, '[data-part="take-away"]', HTMLElement);
  place.append(
    ...copyLink(() => location.origin + location.pathname + shelf.search()),
    button("CSV", () => save("CSV")),
    button("JSON", () => save("JSON")),
    button("Print", () => window.print()),
    said,
  );
  place.hidden = false;
  mountPrinting(list, shelf);

  /** @param {"CSV" | "JSON"} name */
  async function save(name) {
    said.textContent = "";
    try {
      said.textContent = await saved(name, shelf);
    } catch {
      said.textContent = "The file could not be fetched. Try again.";
    }
  }
}

/**
 * @param {string} name
 * @param {() => void} act
 */
function button(name, act) {
  const made = element("button", { class: "button", type: "button" }, name);
  made.addEventListener("click", act);
  return made;
}

/** What every page does: the theme switch, the ages of what is shown, covers that fail to load. */

import { forgetBrokenCovers } from "./cover.js";
import { find } from "./dom.js";
import { mount as mountFreshness } from "./freshness.js";
import { mount as mountTheme } from "./theme.js";

/**
 * Mounts the components of a page. Once all of them answer, `main` says so.
 * @param {Record<string, (place: HTMLElement) => unknown>} [own] those of this page alone, by the name in `data-component`
 */
export async function start(own = {}) {
  forgetBrokenCovers(document);
  /** @type {typeof own} */
  const components = { theme: mountTheme, freshness: mountFreshness, ...own };
  /** @type {NodeListOf<HTMLElement>} */
  const places = document.querySelectorAll("[data-component]");
  await Promise.all(Array.from(places, (place) => components[place.dataset.component ?? ""]?.(place)));
  find(document, "main", HTMLElement).dataset.ready = "";
}

/** The one entry of every page: loads the components that the page names, and nothing else. */

import { forgetBrokenCovers } from "./components/cover.js";
import { find } from "./dom.js";

/** @typedef {{ mount: (element: HTMLElement) => void | Promise<void> }} Component */

forgetBrokenCovers(document);
/** @type {NodeListOf<HTMLElement>} */
const places = document.querySelectorAll("[data-component]");
await Promise.all(Array.from(places, load));
find(document, "main", HTMLElement).dataset.ready = "";

/**
 * `data-component="theme"` is served by `mount` of `components/theme.js`.
 * @param {HTMLElement} place
 */
async function load(place) {
  /** @type {Component} */
  const component = await import(`./components/${place.dataset.component}.js`);
  await component.mount(place);
}

/** The sleeve of a record: the same markup as the template macro `cover`, and what happens when a picture fails. */

import { element } from "./dom.js";

/** @typedef {{ title: string, credit: string, hue: number, src: string | null }} Sleeve */

const EDGE = { wall: 600, thumb: 150 };

/**
 * @param {Sleeve} sleeve
 * @param {"wall" | "thumb"} size
 * @returns {HTMLSpanElement}
 */
export function coverElement({ title, credit, hue, src }, size) {
  const art = element(
    "span",
    { class: "cover-art", "aria-hidden": "true" },
    element("span", { class: "cover-disc" }),
    element("span", { class: "cover-credit", dir: "auto" }, credit),
    element("span", { class: "cover-title", dir: "auto" }, title),
  );
  const cover = element("span", { class: "cover", "data-hue": hue }, art);
  showPicture(cover, src, size);
  return cover;
}

/**
 * Puts a picture on a sleeve in place of the one that was there; none shows the drawn record.
 * @param {HTMLElement} cover
 * @param {string | null} src
 * @param {"wall" | "thumb"} size
 */
export function showPicture(cover, src, size) {
  cover.querySelector("img")?.remove();
  if (src) cover.append(picture(src, EDGE[size]));
}

/**
 * @param {string} src
 * @param {number} edge
 */
function picture(src, edge) {
  return element("img", {
    alt: "",
    width: edge,
    height: edge,
    loading: "lazy",
    decoding: "async",
    referrerpolicy: "no-referrer",
    src,
  });
}

/**
 * Removes every picture that fails to load, now or later, so that the drawn sleeve below it shows.
 * @param {Document} page
 */
export function forgetBrokenCovers(page) {
  page.addEventListener("error", (event) => dropIfCover(event.target), { capture: true });
  for (const image of Array.from(page.images)) {
    if (image.complete && image.naturalWidth === 0 && image.currentSrc) dropIfCover(image);
  }
}

/** @param {EventTarget | null} target */
function dropIfCover(target) {
  if (target instanceof HTMLImageElement && target.closest(".cover")) target.remove();
}

/** The sleeve of a record. Its markup is a `<template>` of the page; an image is put on it and taken off again. */

import { element, find } from "./dom.js";

/** @typedef {"wall" | "thumb"} Size */
/** @typedef {{ title: string, credit: string, hue: number }} Sleeve */

/**
 * A large sleeve.
 * @param {Sleeve} sleeve
 * @param {string | null} src
 */
export function coverElement(sleeve, src) {
  const cover = /** @type {HTMLElement} */ (find(blank("wall").content, ".cover", HTMLElement).cloneNode(true));
  fillCover(cover, sleeve);
  showCover(cover, src, "wall");
  return cover;
}

/**
 * Writes the texts of a sleeve.
 * @param {HTMLElement} cover
 * @param {Sleeve} sleeve
 */
export function fillCover(cover, { title, credit, hue }) {
  cover.dataset.hue = String(hue);
  find(cover, ".cover-title", HTMLElement).textContent = title;
  find(cover, ".cover-credit", HTMLElement).textContent = credit;
}

/**
 * Shows an image on a sleeve in place of the one before; without one the drawn record shows. The
 * template has no image, because one without an address is not valid: this one is that of
 * templates/macros/cover.html.
 * @param {HTMLElement} cover
 * @param {string | null} src
 * @param {Size} size
 */
export function showCover(cover, src, size) {
  cover.querySelector("img")?.remove();
  if (!src) return;
  const { edge } = blank(size).dataset;
  const attributes = { alt: "", width: edge, height: edge, loading: "lazy", decoding: "async" };
  cover.append(element("img", { ...attributes, referrerpolicy: "no-referrer", src }));
}

/** @param {Size} size */
function blank(size) {
  return find(document, size === "wall" ? "#blank-cover" : "#blank-row", HTMLTemplateElement);
}

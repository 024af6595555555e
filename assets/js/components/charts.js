/** Draws a figure's table with Chart.js once the figure comes near: the table is what is drawn, and stays. */

import { find } from "../dom.js";
import { configuration } from "./chart-kinds.js";
import { THEME_CHANGED } from "./theme.js";

/** @import { Kind, Point } from "./chart-kinds.js" */

const CHART_JS = new URL("../../vendor/chart.js/chart.umd.min.js", import.meta.url).href;
const NEAR = "300px";

/** @param {HTMLElement} figure */
export function mount(figure) {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      void draw(figure);
    },
    { rootMargin: NEAR },
  );
  observer.observe(figure);
}

/** @param {HTMLElement} figure */
async function draw(figure) {
  try {
    await Promise.all([import(CHART_JS), document.fonts.ready]);
  } catch {
    showNumbersOnly(figure);
    return;
  }
  const canvas = find(figure, "canvas", HTMLCanvasElement);
  canvas.hidden = false;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let chart = drawn(figure, canvas, !still);
  document.addEventListener(THEME_CHANGED, () => {
    chart.destroy();
    chart = drawn(figure, canvas, false);
  });
}

/**
 * @param {HTMLElement} figure
 * @param {HTMLCanvasElement} canvas
 * @param {boolean} moving
 */
function drawn(figure, canvas, moving) {
  const kind = /** @type {Kind} */ (figure.dataset.kind);
  return new Chart(canvas, configuration(kind, points(figure), inks(figure), moving));
}

/**
 * The rows of the figure's table, each with the colour of its swatch.
 * @param {HTMLElement} figure
 * @returns {Point[]}
 */
function points(figure) {
  return Array.from(figure.querySelectorAll("tbody tr"), (row) => {
    const label = find(row, "th", HTMLElement);
    return {
      label: label.textContent ?? "",
      copies: Number(row.getAttribute("data-copies")),
      href: row.querySelector("a")?.href ?? null,
      colour: getComputedStyle(label, "::before").color,
    };
  });
}

/**
 * The theme's colours and face as the figure wears them.
 * @param {HTMLElement} figure
 */
function inks(figure) {
  const worn = getComputedStyle(figure);
  return {
    ink: worn.color,
    ground: getComputedStyle(document.documentElement).backgroundColor,
    quiet: getComputedStyle(find(figure, "figcaption p", HTMLElement)).color,
    rule: getComputedStyle(find(figure, "td", HTMLElement)).borderBlockEndColor,
    face: worn.fontFamily,
  };
}

/** @param {HTMLElement} figure */
function showNumbersOnly(figure) {
  find(figure, ".chart-plot", HTMLElement).hidden = true;
  for (const details of figure.querySelectorAll("details")) details.open = true;
}

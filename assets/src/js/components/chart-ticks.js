/** The ticks below a line: round years, as many as stand apart from each other; else where it begins and ends. */

const STEPS = [1, 2, 5, 10, 20, 25, 50, 100];
const APART = 46; // pixels from one year to the next: four digits and some air
const ENDS_APART = 90;
const month = new Intl.DateTimeFormat("en", { month: "short", year: "numeric", timeZone: "UTC" });

/**
 * Options of an axis of years ("1977") or months ("1977-03").
 * @param {string[]} labels
 */
export function yearAxis(labels) {
  /** @type {Map<number, string>} */
  let texts = new Map();
  return {
    afterBuildTicks: (/** @type {Scale} */ scale) => {
      texts = ticks(labels, scale.width / Math.max(1, labels.length - 1));
      scale.ticks = Array.from(texts.keys(), (value) => ({ value }));
    },
    text: (/** @type {number} */ value) => texts.get(value) ?? "",
  };
}

/**
 * The text at each labelled index.
 * @param {string[]} labels
 * @param {number} pixels from one label to the next
 */
export function ticks(labels, pixels) {
  const years = beginnings(labels);
  const round = STEPS.map((step) => years.filter((index) => year(labels, index) % step === 0));
  const found = round.find((some) => some.length > 1 && standApart(some, pixels)) ?? thinned(years, pixels);
  if (found.length > 1) return new Map(found.map((index) => [index, String(year(labels, index))]));
  const last = labels.length - 1;
  const ends = last * pixels < ENDS_APART || last < 1 ? [0] : [0, last];
  return new Map(ends.map((index) => [index, named(labels[index] ?? "")]));
}

/**
 * Where a year begins: at its January, or at its first month that is there.
 * @param {string[]} labels
 */
function beginnings(labels) {
  return Array.from(labels.keys()).filter((index) => {
    if (index > 0) return year(labels, index) !== year(labels, index - 1);
    return /^\d+(-01)?$/.test(labels[index] ?? "");
  });
}

/**
 * @param {number[]} indices
 * @param {number} pixels
 */
function standApart(indices, pixels) {
  return indices.every((index, at) => at === 0 || (index - (indices[at - 1] ?? 0)) * pixels >= APART);
}

/**
 * Each that is far enough from the one kept before it.
 * @param {number[]} indices
 * @param {number} pixels
 */
function thinned(indices, pixels) {
  let end = -Infinity;
  return indices.filter((index) => {
    if ((index - end) * pixels < APART) return false;
    end = index;
    return true;
  });
}

/**
 * @param {string[]} labels
 * @param {number} index
 */
function year(labels, index) {
  return Number.parseInt(labels[index] ?? "", 10);
}

/** @param {string} label */
function named(label) {
  return label.includes("-") ? month.format(Date.parse(label)) : label;
}

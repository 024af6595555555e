/** What the format text tells of the object: a disc of which kind and colour, or none. */

const VINYL = /^(\d+×)?(vinyl|lathe cut|acetate|flexi-disc|shellac|pathé disc|edison disc)\b/i;
const SILVER = /^(\d+×)?(cdr?|sacd|dvdr?|blu-ray(-r)?|cdv|minidvd|hybrid|laserdisc|vcd|svcd|hd dvd)\b/i;
const PATTERNS = /\b(splatter(?:ed)?|marbled?|swirl(?:ed)?|smoke|split|half|translucent|transparent|clear)\b/i;
const COLOURS = /\b(black|white|red|orange|yellow|green|blue|turquoise|purple|violet|pink|brown|gr[ae]y|silver|gold(?:en)?)\b/i;

/** @type {Record<string, string>} */
const KIN = { violet: "purple", gray: "grey", silver: "grey", golden: "gold", turquoise: "blue" };

/** @typedef {{ kind: "vinyl" | "silver" | "", colour: string, pattern: string, words: string }} Pressing */

/**
 * The object of a record, by the first format that is one.
 * @param {readonly string[]} formats as they are shown
 * @returns {Pressing}
 */
export function pressingOf(formats) {
  const main = formats.find((format) => !/^all media\b/i.test(format)) ?? formats[0] ?? "";
  const [name = ""] = main.split(",");
  if (SILVER.test(main)) return { kind: "silver", colour: "", pattern: "", words: name };
  if (!VINYL.test(main)) return { kind: "", colour: "", pattern: "", words: name };
  const text = formats.join(", ");
  const [colour = ""] = COLOURS.exec(text) ?? [];
  const [pattern = ""] = PATTERNS.exec(text) ?? [];
  const words = [pattern, colour].filter(Boolean).join(" ").toLowerCase();
  const known = colour.toLowerCase();
  return { kind: "vinyl", colour: KIN[known] ?? known, pattern: patternOf(pattern.toLowerCase()), words: words ? `${words} ${name.toLowerCase()}` : name };
}

/** @param {string} word */
function patternOf(word) {
  if (word.startsWith("splatter")) return "splatter";
  if (/^(marble|swirl|smoke)/.test(word)) return "marbled";
  if (word === "split" || word === "half") return "split";
  return word === "" ? "" : "clear";
}

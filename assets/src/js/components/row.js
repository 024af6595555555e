/** A line of the list: the same markup as the template macro `row`, and a button over it that opens the record. */

import { element, find } from "./dom.js";
import { matches } from "../model/highlight.js";
import { day } from "../model/wording.js";
import { coverElement, showPicture } from "./cover.js";

/** @import { Row } from "../model/catalog.js" */
/** @import { Word } from "../model/text.js" */

/**
 * @typedef {object} Line an element of the list, which shows one record after another
 * @property {HTMLElement} item
 * @property {(row: Row, words: readonly Word[]) => void} show
 * @property {(src: string | null, size: "wall" | "thumb") => void} picture
 */

/** @type {HTMLLIElement | undefined} */
let pattern;

/**
 * A line around an element that the page brought, or around a new one.
 * @param {HTMLElement} [brought]
 * @returns {Line}
 */
export function lineOf(brought) {
  pattern ??= blank();
  const item = brought ?? /** @type {HTMLElement} */ (pattern.cloneNode(true));
  const open = brought ? opener() : find(item, ".row-open", HTMLButtonElement);
  if (brought) item.prepend(open);
  const part = /** @param {string} name */ (name) => find(item, name, HTMLElement);
  const cover = part(".cover");
  const image = cover.querySelector("img");
  const [sleeveTitle, sleeveCredit] = [part(".cover-title"), part(".cover-credit")];
  const [title, credit] = [part(".row-title bdi"), part(".row-credit bdi")];
  const [formats, label, year, time] = [part(".row-format"), part(".row-label"), part(".row-year"), part("time")];
  const link = find(item, ".row-link", HTMLAnchorElement);
  /** @type {Map<Element, string>} what is written where, for as long as it is known */
  const written = new Map();
  let [source, scale] = [image && image.getAttribute("src"), "thumb"];
  let shown = brought?.dataset.instance;
  if (shown !== undefined) open.setAttribute("aria-label", named(title.textContent ?? ""));

  /**
   * @param {Element} place
   * @param {string} key what the nodes depend on
   * @param {() => Node[]} nodes
   */
  function write(place, key, nodes) {
    if (written.get(place) === key) return;
    written.set(place, key);
    place.replaceChildren(...nodes());
  }

  /**
   * @param {Element} place
   * @param {string} text
   * @param {readonly Word[]} words
   */
  function writeMarked(place, text, words) {
    const stretches = matches(text, words);
    if (stretches.length === 0) writeText(place, text);
    else write(place, `${stretches}:${text}`, () => marked(text, stretches));
  }

  /**
   * @param {Element} place
   * @param {string} text
   */
  function writeText(place, text) {
    const key = `:${text}`;
    if (written.get(place) === key) return;
    written.set(place, key);
    const only = place.firstChild;
    if (only instanceof Text && only === place.lastChild) only.data = text;
    else place.textContent = text;
  }

  /** @param {Row} row */
  function showCopy(row) {
    const added = day(row.day);
    shown = row.instance;
    item.dataset.instance = row.instance;
    open.setAttribute("aria-label", named(row.title));
    link.href = row.url;
    link.setAttribute("aria-label", `${row.title} on Discogs`);
    cover.dataset.hue = String(row.hue);
    writeText(sleeveTitle, row.title);
    writeText(sleeveCredit, row.credit);
    write(formats, row.formats.join("\n"), () => row.formats.map((format) => element("bdi", {}, format)));
    writeText(time, added.words);
    time.setAttribute("datetime", added.iso);
  }

  return {
    item,
    show(row, words) {
      if (row.instance !== shown) showCopy(row);
      writeMarked(title, row.title, words);
      writeMarked(credit, row.credit, words);
      showLabel(row, words);
      showYears(row, words);
    },
    picture(src, size) {
      if (src === source && size === scale) return;
      [source, scale] = [src, size];
      showPicture(cover, src, size);
    },
  };

  /**
   * The first label, or the first that is what was looked for.
   * @param {Row} row
   * @param {readonly Word[]} words
   */
  function showLabel({ labels }, words) {
    const found = labels.map(({ name, number }) => ({
      name,
      number,
      inName: matches(name, words),
      inNumber: number === null ? [] : matches(number, words, true),
    }));
    const chosen = found.find(({ inName, inNumber }) => inName.length + inNumber.length > 0) ?? found[0];
    if (chosen === undefined) return write(label, "", () => []);
    const { name, number, inName, inNumber } = chosen;
    write(label, `${inName}:${inNumber}:${name}\n${number}`, () => [
      element("bdi", {}, ...marked(name, inName)),
      ...(number === null ? [] : [element("bdi", { class: "row-number" }, ...marked(number, inNumber))]),
    ]);
  }

  /**
   * @param {Row} row
   * @param {readonly Word[]} words
   */
  function showYears(row, words) {
    const [known, pressed] = [String(row.year ?? ""), String(row.pressing ?? "")];
    const [inKnown, inPressed] = [matches(known, words), matches(pressed, words)];
    write(year, `${known}:${inKnown}:${pressed}:${inPressed}`, () => [
      element("span", {}, ...(known ? marked(known, inKnown) : ["Year unknown"])),
      ...(pressed ? [element("span", { class: "row-pressing" }, "pressed ", ...marked(pressed, inPressed))] : []),
    ]);
  }
}

/** @param {string} title */
function named(title) {
  return `${title}, details`;
}

/**
 * @param {string} text
 * @param {[number, number][]} stretches
 * @returns {Node[]}
 */
function marked(text, stretches) {
  /** @type {Node[]} */
  const nodes = [];
  let done = 0;
  for (const [start, end] of stretches) {
    nodes.push(new Text(text.slice(done, start)), element("mark", {}, text.slice(start, end)));
    done = end;
  }
  if (done < text.length || nodes.length === 0) nodes.push(new Text(text.slice(done)));
  return nodes;
}

function opener() {
  return element("button", { class: "row-open", type: "button", "data-part": "open-record", "aria-haspopup": "dialog" });
}

/** Text of a collection is isolated: what runs from right to left must not turn its neighbours. */
function blank() {
  const isolated = () => element("bdi");
  return element(
    "li",
    { class: "row" },
    opener(),
    coverElement({ title: "", credit: "", hue: 0, src: null }, "thumb"),
    part("row-name", line("row-title", isolated()), line("row-credit", isolated())),
    part("row-facts", line("row-format"), line("row-label")),
    part("row-dates", line("row-year"), line("row-added", "Added ", element("time"))),
    element("a", { class: "row-link", href: "" }, "Discogs"),
  );
}

/**
 * @param {string} name
 * @param {...Node} children
 */
function part(name, ...children) {
  return element("div", { class: name }, ...children);
}

/**
 * @param {string} name
 * @param {...(Node | string)} children
 */
function line(name, ...children) {
  return element("p", { class: name }, ...children);
}
